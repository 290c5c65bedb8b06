"""Where a bot instance waits for the outcomes of its commands."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.nuid import NUID

from bus.errors import CommandFailed
from bus.middleware.publishing import FAILURE_CODE, TAKEN

PATIENCE = 3.0
"""Seconds a person's press waits for its outcome before it is told "accepted"."""
LITTLE_PATIENCE = 0.5
MISSES_IN_A_ROW = 3
REMEMBERED = 1000


@dataclass(slots=True)
class Outcomes:
    """Answers "taken" to who offers an outcome that is waited for."""

    client: Client
    asker: str
    _waiting: dict[str, "asyncio.Future[bytes]"] = field(default_factory=dict, init=False)
    _taken: OrderedDict[str, None] = field(default_factory=OrderedDict, init=False)
    _misses: int = field(default=0, init=False)

    @contextmanager
    def expecting(self, command_id: str) -> Iterator["asyncio.Future[bytes]"]:
        """Wait for the outcome of a command that is about to be published."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[command_id] = future
        # Taken on an earlier attempt says nothing of this one, which may give up waiting.
        self._taken.pop(command_id, None)
        try:
            yield future
        finally:
            self._waiting.pop(command_id, None)
            future.cancel()

    async def take(self, future: "asyncio.Future[bytes]") -> bytes:
        """Return the outcome; raises TimeoutError after less patience the longer none came.

        While storage is away nobody should wait the whole time at every press.
        """
        patience = PATIENCE if self._misses < MISSES_IN_A_ROW else LITTLE_PATIENCE
        try:
            async with asyncio.timeout(patience):
                outcome = await future
        except TimeoutError:
            if not (future.done() and not future.cancelled()):
                self._misses += 1
                raise
            # It came at the last moment, and was said to be taken: nobody else will tell it.
            outcome = future.result()
        self._misses = 0
        return outcome

    async def offered(self, message: Msg) -> None:
        """Take an outcome that storage offers, if somebody waits for it."""
        command_id = message.subject.rpartition(".")[2]
        future = self._waiting.get(command_id)
        if future and not future.done():
            failed = (message.headers or {}).get(FAILURE_CODE)
            if failed:
                future.set_exception(CommandFailed(failed))
            else:
                future.set_result(bytes(message.data))
            self._remember(command_id)
        # An offer is repeated when storage died before it could acknowledge the command.
        answer = TAKEN if command_id in self._taken else b"nobody waits"
        try:
            await self.client.publish(message.reply, answer)
        except NatsError:
            return  # storage will find nobody and send the outcome the late way

    def _remember(self, command_id: str) -> None:
        self._taken[command_id] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)


@asynccontextmanager
async def outcomes(client: Client) -> AsyncIterator[Outcomes]:
    """Listen for outcomes under a name of this instance's own."""
    waiting = Outcomes(client, asker=f"bot-{NUID().next().decode()}")
    subscription = await client.subscribe(f"outcome.{waiting.asker}.*", cb=waiting.offered)
    try:
        yield waiting
    finally:
        if not client.is_closed and client.is_connected:
            await subscription.unsubscribe()
