"""Where a bot instance waits for the outcomes of its commands."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.nuid import NUID

from bus.connection import Link
from bus.errors import CommandFailed
from bus.middleware.publishing import FAILURE_CODE, TAKEN
from bus.within import Within

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds a person's press waits for its outcome before it is told "accepted"."""
LITTLE_PATIENCE = 0.5
MISSES_IN_A_ROW = 3
REMEMBERED = 1000


@dataclass(slots=True, eq=False)
class Expected:
    """An outcome that somebody waits for, of a command of `app`, for as long as the block lasts."""

    command_id: str
    app: str
    since: float
    future: "asyncio.Future[bytes]"
    among: dict[str, "Expected"]
    """All that are waited for, by their commands."""

    def __enter__(self) -> "Expected":
        return self

    def __exit__(self, *ended: object) -> None:
        # A repetition of the same command may wait in our place already.
        if self.among.get(self.command_id) is self:
            del self.among[self.command_id]
        self.future.cancel()


@dataclass(slots=True)
class Outcomes:
    """Answers "taken" to who offers an outcome that is waited for."""

    link: Link
    asker: str
    _waiting: dict[str, Expected] = field(default_factory=dict, init=False)
    _taken: OrderedDict[str, None] = field(default_factory=OrderedDict, init=False)
    _given_up: OrderedDict[str, Expected] = field(default_factory=OrderedDict, init=False)
    _misses: Counter[str] = field(default_factory=Counter, init=False)
    """In a row, by app: each is served by consumers of its own, and may be slow alone."""

    def expecting(self, command_id: str, app: str) -> Expected:
        """Wait for the outcome of a command of `app` that is about to be published."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        expected = Expected(command_id, app, time.monotonic(), future, self._waiting)
        self._waiting[command_id] = expected
        # Taken on an earlier attempt says nothing of this one, which may give up waiting.
        self._taken.pop(command_id, None)
        return expected

    async def take(self, expected: Expected, at_most: float | None = None) -> bytes:
        """Return the outcome; raises TimeoutError after less patience the longer none came.

        While storage is away nobody should wait the whole time at every press. `at_most` are
        seconds that the caller has left.
        """
        impatient = self._misses[expected.app] >= MISSES_IN_A_ROW
        patience = LITTLE_PATIENCE if impatient else PATIENCE
        if at_most is not None:
            patience = min(patience, max(at_most, 0.0))
        future = expected.future
        try:
            with Within(patience):
                outcome = await future
        except TimeoutError:
            if not (future.done() and not future.cancelled()):
                # A caller in a hurry has learned nothing of storage.
                self._misses[expected.app] += patience >= LITTLE_PATIENCE
                _remember(self._given_up, expected.command_id, expected)
                raise
            # It came at the last moment, and was said to be taken: nobody else will tell it.
            outcome = future.result()
        self._misses[expected.app] = 0
        return outcome

    def offered(self, message: Msg) -> None:
        """Take an outcome that storage offers, if somebody waits for it."""
        if not self.link.forgeries.is_honest(message):
            return
        command_id = message.subject.rpartition(".")[2]
        expected = self._waiting.get(command_id)
        if expected and not expected.future.done():
            failed = (message.headers or {}).get(FAILURE_CODE)
            if failed:
                expected.future.set_exception(CommandFailed(failed))
            else:
                expected.future.set_result(bytes(message.data))
            _remember(self._taken, command_id, None)
        self._recover(command_id)
        # An offer is repeated when storage died before it could acknowledge the command.
        answer = TAKEN if command_id in self._taken else b"nobody waits"
        with suppress(NatsError, OSError):  # storage finds nobody, and sends it the late way
            self.link.client.say(message.reply, answer)

    def _recover(self, command_id: str) -> None:
        """Be patient again once an outcome comes for which full patience would have been enough.

        Otherwise storage that takes a little longer than little patience would be late for ever.
        """
        late = self._given_up.pop(command_id, None)
        if late and time.monotonic() - late.since <= PATIENCE:
            self._misses[late.app] = 0


def _remember(kept: OrderedDict[str, T], command_id: str, what: T) -> None:
    kept[command_id] = what
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)


@asynccontextmanager
async def outcomes(link: Link) -> AsyncIterator[Outcomes]:
    """Listen for outcomes under a name of this instance's own."""
    client = link.client
    waiting = Outcomes(link, asker=f"bot-{NUID().next().decode()}")
    subscription = await client.listen(f"outcome.{waiting.asker}.*", waiting.offered)
    try:
        yield waiting
    finally:
        if not client.is_closed and client.is_connected:
            with suppress(NatsError, OSError):
                await subscription.unsubscribe()
