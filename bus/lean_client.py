"""A faster client on nats-py: what is done for each message is done anew, all else is nats-py's.

Connecting, signing in, reconnecting, pings, subscriptions and JetStream stay as they are. Why, and
what it brings: docs/decisions/0007-a-lean-client.md. tests/bus/test_nats_py.py names all that is
used here of nats-py's insides, to be looked at before another version is allowed.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from contextvars import copy_context
from typing import Any

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.aio.transport import TcpTransport
from nats.errors import (
    ConnectionClosedError,
    ConnectionDrainingError,
    MaxPayloadError,
    NoRespondersError,
    OutboundBufferLimitError,
)
from nats.errors import TimeoutError as NatsTimeoutError

from bus.client import Client, Receive, line_to
from bus.headers import encode_headers, read_headers
from bus.lean_parser import LeanParser
from bus.lookout import Lookout
from bus.within import LATE_AT_MOST

WRITTEN_AHEAD = 256 * 1024
"""Bytes that may be said before who publishes waits for the socket to have taken most of them."""
NO_RESPONDERS = "503"

_Awaited = tuple["asyncio.Future[Msg]", float]
"""An answer, and until when it is waited for."""


class LeanClient(Client):
    """Publishes, asks and hears with less ado; what it does and raises is as with nats-py."""

    def __init__(self) -> None:
        super().__init__()
        self._ps = LeanParser(self)
        self._receivers: dict[int, Receive] = {}
        self._inbox = ""
        self._asked = 0
        self._waiting: dict[str, _Awaited] = {}
        """Who waits for an answer, and until when."""
        self._deadlines = Lookout(self._waiting, _give_up)
        self._is_about_to_write = False
        self._written = 0

    async def publish(
        self,
        subject: str,
        payload: bytes = b"",
        reply: str = "",
        headers: dict[str, Any] | None = None,
    ) -> None:
        """Publish as nats-py does; wait where more is said than the server takes."""
        self.say(subject, payload, reply, headers)
        if self._pending_data_size + self._written > WRITTEN_AHEAD:
            self._write()
            await self._until_taken()

    async def request(
        self,
        subject: str,
        payload: bytes = b"",
        timeout: float = 0.5,
        old_style: bool = False,
        headers: dict[str, Any] | None = None,
    ) -> Msg:
        """Ask as nats-py does, in whatever style; but a cancellation stays one.

        Raises:
            NoRespondersError: nobody is there to answer.
            TimeoutError: nats-py's own.
        """
        if not self._inbox:
            await self._listen_for_answers()
        self._asked += 1
        # A place is never used again: what comes there late, or twice, finds nobody.
        place = f"{self._inbox}{self._asked}"
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Msg] = loop.create_future()
        self._waiting[place] = answer, loop.time() + timeout
        self._deadlines.begin(LATE_AT_MOST, loop)
        try:
            self.say(subject, payload, place, headers)
            message = await answer
        finally:
            del self._waiting[place]
        if message.headers and message.headers.get("Status") == NO_RESPONDERS:
            raise NoRespondersError
        return message

    async def listen(self, subject: str, receive: Receive, queue: str = "") -> Subscription:
        """Subscribe; `receive` is called where a message is read, with no queue in between."""
        subscription = await self.subscribe(subject, queue, cb=_unheard)
        # In the context of who listens, as with nats-py: tasks that it starts log as its own.
        context = copy_context()
        self._receivers[subscription._id] = lambda message: context.run(receive, message)
        return subscription

    async def _listen_for_answers(self) -> None:
        inbox = f"{self.new_inbox()}."
        await self.listen(f"{inbox}*", self._answered)
        self._inbox = inbox

    def _answered(self, message: Msg) -> None:
        answer, _ = self._waiting.get(message.subject, (None, 0.0))
        if answer and not answer.done():
            answer.set_result(message)

    def say(
        self,
        subject: str,
        payload: bytes = b"",
        reply: str = "",
        headers: dict[str, Any] | None = None,
    ) -> None:
        """Have it written with all that is said in the meantime; raises as nats-py's publish."""
        to = line_to(subject, reply)
        if self._status != NatsClient.CONNECTED:
            self._check_may_publish(len(payload))
        size = len(payload)
        if headers:
            block = encode_headers(headers)
            size += len(block)
            line = b"HPUB %b%d %d\r\n%b" % (to, len(block), size, block)
        else:
            line = b"PUB %b%d\r\n" % (to, size)
        if size > self._max_payload:
            raise MaxPayloadError
        self._pending += (line, payload, b"\r\n")
        self._pending_data_size += len(line) + len(payload) + 2
        self.stats["out_msgs"] += 1
        self.stats["out_bytes"] += len(payload)
        self._write_soon()

    def _check_may_publish(self, size: int) -> None:
        if self.is_closed:
            raise ConnectionClosedError
        if self.is_draining_pubs:
            raise ConnectionDrainingError
        if not self.is_connected and self._pending_data_size + size >= self._max_pending_size:
            raise OutboundBufferLimitError

    async def _flush_pending(self, force_flush: bool = False) -> Any:
        if force_flush or not isinstance(self._transport, TcpTransport):
            return await super()._flush_pending(force_flush)
        self._write_soon()
        return None

    def _write_soon(self) -> None:
        if not self._is_about_to_write:
            self._is_about_to_write = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        self._is_about_to_write = False
        transport = self._transport
        if not (self._pending and self.is_connected and transport):
            return  # nats-py writes it once connected, or where it closes
        if isinstance(transport, TcpTransport):
            said, self._pending = self._pending, []
            self._written += self._pending_data_size
            self._pending_data_size = 0
            with suppress(OSError, RuntimeError):  # it is closing: who reads from it hears of that
                transport.write(b"".join(said))  # type: ignore[no-untyped-call] # nats-py's gap
        elif self._flush_queue is not None and self._flush_queue.empty():
            # Of a web socket only nats-py's task can write.
            self._flush_queue.put_nowait(asyncio.get_running_loop().create_future())

    async def _until_taken(self) -> None:
        """Wait for the socket; that nothing is taken any more is found out by who reads it."""
        assert self._transport, "there is none before the first connection only"
        with suppress(OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(self._flush_timeout):
                await self._transport.drain()  # type: ignore[no-untyped-call] # nats-py's gap
        self._written = 0

    async def _send_ping(self, future: "asyncio.Future[Any] | None" = None) -> None:
        self._write()  # nats-py would write a ping before what was said earlier
        await super()._send_ping(future)

    def _remove_sub(self, sid: int, max_msgs: int = 0) -> None:
        super()._remove_sub(sid, max_msgs)
        self._receivers.pop(sid, None)

    def hears(self, sid: int, subject: bytes, reply: bytes, data: bytes, block: bytes) -> bool:
        """Hand a message to who listens; return False where nats-py is to see to it."""
        receive = self._receivers.get(sid)
        if receive is None:
            return False
        headers = read_headers(block) if block else None
        if block and headers is None:
            return False
        self._hand(receive, self._build_message(sid, subject, reply, data, headers))
        return True

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        receive = self._receivers.get(sid)
        if receive is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        else:  # with headers of a foreign form, or a status
            read = await self._process_headers(headers)
            self._hand(receive, self._build_message(sid, subject, reply, data, read))

    def _hand(self, receive: Receive, message: Msg) -> None:
        self.stats["in_msgs"] += 1
        self.stats["in_bytes"] += len(message.data)
        try:
            receive(message)
        except Exception as error:  # noqa: BLE001 # one message must not end the reading
            said = {"message": "a message was not received", "exception": error}
            asyncio.get_running_loop().call_exception_handler(said)

    async def _process_headers(self, headers: bytes | None) -> dict[str, str] | None:
        found = read_headers(headers) if headers else None
        return found or await super()._process_headers(headers)


def _give_up(waiting: Mapping[str, _Awaited], now: float) -> None:
    for answer, until in waiting.values():
        if until <= now and not answer.done():
            answer.set_exception(NatsTimeoutError())


async def _unheard(_: Msg) -> None:
    """Take nothing: what is listened for goes another way."""
