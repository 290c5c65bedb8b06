"""Asks a durable consumer for messages, for more before what was asked for has come.

An answer may be lost, with the server or a connection: a question lasts two seconds, and who has
heard nothing by then asks anew, as does who is connected anew.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from bus.connection import Link
from bus.errors import in_short
from bus.hand import Hand
from bus.metadata import DELIVERED
from bus.watcher import SAY_AGAIN_AFTER

log = structlog.get_logger()

PULL_SECONDS = 2.0
"""How long the server keeps a question; also the longest stall after one was lost."""
LOST_AFTER = 0.5
"""Seconds by which the server's word that a question has ended may be late."""
FIRST_DELAY, LONGEST_DELAY = 0.1, 2.0
ENDED, HEARTBEAT = frozenset({"404", "408"}), "100"
"""Statuses; those two say that no more came in the time, as is usual."""
NOT_COMING = "Nats-Pending-Messages"
"""The header that says how many of those asked for will not come."""


class Pulls:
    """The questions to one consumer: as many messages are asked for as `hand` has room for.

    `take` is called with each, where it is read.
    """

    def __init__(
        self, link: Link, stream: str, consumer: str, hand: Hand, take: Callable[[Msg], None]
    ) -> None:
        self._client = link.client
        self._when_back = link.when_back
        self._consumer = consumer
        self._place = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._hand = hand
        self._take = take
        self._inbox = self._client.new_inbox()
        self._beginnings = 0
        self._coming = 0  # messages that were asked for and have not come
        self._none_comes = asyncio.Event()
        self._is_open = True
        self._subscription: Subscription | None = None
        self._moving: set[asyncio.Future[None]] = set()
        self._later: asyncio.TimerHandle | None = None
        self._is_put_off = False
        self._delay = FIRST_DELAY
        self._silent_until: dict[str, float] = {}

    async def begin(self) -> None:
        """Listen and ask; from now on whenever there is more room."""
        self._subscription = await self._client.listen(f"{self._inbox}.*", self._receive)
        self._hand.when_changed = self._ask
        self._when_back.add(self._begin_anew)
        self._begin_anew()

    async def hear_out(self) -> None:
        """Ask no more, and wait for what was asked for.

        The server would deliver it although nobody listens any more, and then wait until it gives
        it to another copy.
        """
        self._is_open = False
        with suppress(TimeoutError):
            async with asyncio.timeout(PULL_SECONDS + LOST_AFTER):
                if self._coming and self._client.is_connected:
                    await self._none_comes.wait()

    async def end(self) -> None:
        """Listen no more; what comes all the same is given back, for another copy to have it."""
        self._is_open = False
        self._take = self._give_back
        self._when_back.discard(self._begin_anew)
        if self._later:
            self._later.cancel()
        for moving in self._moving:
            moving.cancel()
        if self._subscription:
            with suppress(NatsError, OSError):
                await self._subscription.unsubscribe()

    async def _move(self) -> None:
        """Have what was asked for go nowhere, and ask to another inbox."""
        left, inbox = self._subscription, self._client.new_inbox()
        with suppress(NatsError, OSError):  # there is a new connection soon, or none any more
            self._subscription = await self._client.listen(f"{inbox}.*", self._receive)
            self._inbox = inbox
            self._begin_anew()
            if left:
                # What is on its way there is still received.
                await left.drain()  # type: ignore[no-untyped-call] # nats-py's gap

    def _give_back(self, message: Msg) -> None:
        self._client.say(message.reply, Msg.Ack.Nak)

    def _begin_anew(self) -> None:
        """Ask although what was asked for before has not come, and may come yet."""
        self._less_comes(self._coming)
        self._beginnings += 1
        self._is_put_off = False
        self._ask()

    def _ask(self) -> None:
        wanted = self._hand.room(self._coming)
        if wanted <= 0 or self._is_put_off or not self._is_open:
            return
        question = b'{"batch":%d,"expires":%d}' % (wanted, PULL_SECONDS * 1e9)
        try:
            self._client.say(self._place, question, f"{self._inbox}.{self._beginnings}")
        except (NatsError, OSError) as error:
            self._put_off(in_short(error))
        else:
            self._coming += wanted
            self._none_comes.clear()
            self._call_later(PULL_SECONDS + LOST_AFTER, self._begin_anew)

    def _less_comes(self, count: int) -> None:
        self._coming = max(self._coming - count, 0)
        if not self._coming:
            self._none_comes.set()

    def _put_off(self, why: str) -> None:
        """Ask again after a while."""
        self._say_unavailable(why)
        self._is_put_off = True
        self._call_later(self._delay, self._begin_anew)
        self._delay = min(self._delay * 2, LONGEST_DELAY)

    def _call_later(self, seconds: float, call: Callable[[], None]) -> None:
        if self._later:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(seconds, call)

    def _receive(self, message: Msg) -> None:
        if message.reply.startswith(DELIVERED):
            self._delay = FIRST_DELAY
            self._take(message)
            self._less_comes(1)
            if not message.data and not message.headers:
                # Between accounts the server takes a message without anything in it for the end of
                # all answers to a question, and would deliver the next ones to nobody.
                moving = asyncio.ensure_future(self._move())
                self._moving.add(moving)
                moving.add_done_callback(self._moving.discard)
        elif message.subject == f"{self._inbox}.{self._beginnings}":
            self._hear(message.headers or {})

    def _hear(self, said: Mapping[str, str]) -> None:
        """Hear how a question ended."""
        status = said.get("Status", "")
        if status == HEARTBEAT:
            return
        missing = said.get(NOT_COMING, "")
        self._less_comes(int(missing) if missing.isdecimal() else self._coming)
        if status in ENDED:
            self._delay = FIRST_DELAY
            self._ask()
        else:
            self._put_off(f"status {status}")

    def _say_unavailable(self, error: str) -> None:
        """Say each trouble once in a while; that NATS is away its connection says."""
        now = asyncio.get_running_loop().time()
        self._silent_until = {e: until for e, until in self._silent_until.items() if until > now}
        if self._client.is_connected and error not in self._silent_until:
            self._silent_until[error] = now + SAY_AGAIN_AFTER
            log.warning("consumer.unavailable", consumer=self._consumer, error=error)
        else:
            log.debug("consumer.unavailable", consumer=self._consumer, error=error)
