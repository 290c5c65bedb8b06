"""nats-py's client, mended where what comes in, or goes out, could end a connection."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import BadSubjectError, MaxPayloadError, OutboundBufferLimitError
from nats.js.api import Header
from nats.protocol import parser

SUBJECTS_LENGTH = 2000
"""Bytes of a subject and its reply; for a line too long the server closes the connection."""
_DELIVERED = b"$JS.ACK."
_STATUS = Header.STATUS.value.lower()

# The server splits its lines at blanks and tabs only: a subject may hold other white space, at
# which nats-py would lose its place and break the connection, at each delivery anew.
_WORD, _GAP = rb"([^ \t\r\n]+)", rb"[ \t]+"
_ADDRESSED = _GAP + _WORD + _GAP + rb"(\d+)" + _GAP + rb"(" + _WORD + _GAP + rb")?"
parser.MSG_RE = re.compile(rb"\AMSG" + _ADDRESSED + rb"(\d+)\r\n")
parser.HMSG_RE = re.compile(rb"\AHMSG" + _ADDRESSED + rb"(\d+)" + _GAP + rb"(\d+)\r\n")


Receive = Callable[[Msg], None]
"""What is called with a message; it neither waits nor raises."""


class Client(NatsClient):
    """A client that no message ends: neither one that it reads nor one that it is to publish."""

    def __init__(self) -> None:
        super().__init__()
        self._saying: set[asyncio.Future[None]] = set()

    @property
    def is_stuck(self) -> bool:
        """Whether it has stopped reconnecting without being connected or closed.

        An unexpected answer in the middle of connecting ends nats-py's task of reconnecting.
        """
        task: asyncio.Task[None] | None = self._reconnection_task
        return not (self.is_connected or self.is_closed) and task is not None and task.done()

    async def publish(
        self,
        subject: str,
        payload: bytes = b"",
        reply: str = "",
        headers: dict[str, Any] | None = None,
    ) -> None:
        """Publish as nats-py does, which forgets the headers when it looks whether it fits.

        The server would close the connection, and the client take that for its end.
        """
        if len(subject.encode()) + len(reply) > SUBJECTS_LENGTH:
            raise BadSubjectError
        if self.is_connected and size_of_headers(headers or {}) + len(payload) > self.max_payload:
            raise MaxPayloadError
        await super().publish(subject, payload, reply, headers)

    async def listen(self, subject: str, receive: Receive, queue: str = "") -> Subscription:
        """Subscribe, and have `receive` called with each message, in their order."""

        async def hear(message: Msg) -> None:
            receive(message)

        return await self.subscribe(subject, queue, cb=hear)

    def say(self, subject: str, payload: bytes = b"", reply: str = "") -> None:
        """Publish soon, for whom it is no loss if that fails; may raise what publish raises."""
        if not self.is_connected:
            raise OutboundBufferLimitError
        saying = asyncio.ensure_future(self.publish(subject, payload, reply))
        self._saying.add(saying)
        saying.add_done_callback(self._said)

    def _said(self, saying: "asyncio.Future[None]") -> None:
        self._saying.discard(saying)
        if not saying.cancelled():
            saying.exception()  # read once, so that it is no exception that nobody has seen

    async def _process_pong(self) -> None:
        # Of a flush that has given up: nats-py would read nothing any more.
        if self._pongs and self._pongs[0].done():
            self._pongs[0] = asyncio.get_running_loop().create_future()
        await super()._process_pong()

    async def _process_headers(self, headers: bytes | None) -> dict[str, str] | None:
        try:
            parsed: dict[str, str] | None = await super()._process_headers(headers)
        except (ValueError, IndexError):
            # Not in the form of headers: nats-py would read nothing any more.
            return None
        return parsed

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Msg:
        if headers and reply.startswith(_DELIVERED) and _STATUS in map(str.lower, headers):
            # A stream's message that has a status would be taken for the server's own word on the
            # pull, hence never be handled, and be delivered for ever.
            headers = {k: v for k, v in headers.items() if k.lower() != _STATUS} or None
        # Bytes that are no UTF-8 would end the reading, and again when they are delivered again.
        to, back = subject.decode(errors="replace"), reply.decode(errors="replace")
        return self.msg_class(self, to, back, data, headers, _sid=sid)


def line_to(subject: str, reply: str) -> bytes:
    """Return where to publish and be answered as a line of the protocol has it.

    Raises:
        BadSubjectError: it would be none.
    """
    to = f"{subject} {reply} " if reply else f"{subject} "
    # Of plain letters a look at all of it is enough; else each is looked through.
    is_plain = to.isascii() and to.isprintable() and to.count(" ") == (2 if reply else 1)
    if not subject or not (is_plain or not (has_gap(subject) or has_gap(reply))):
        raise BadSubjectError
    line = to.encode()
    if len(line) > SUBJECTS_LENGTH + 2:
        raise BadSubjectError
    return line


def has_gap(subject: str) -> bool:
    """Whether a subject would end before its end, and the rest be taken for something else."""
    return " " in subject or "\t" in subject or "\r" in subject or "\n" in subject


def size_of_headers(headers: Mapping[str, Any]) -> int:
    """Return how many bytes headers have on the wire."""
    lines = sum(
        len(name.encode()) + len(str(value).encode()) + 4 for name, value in headers.items()
    )
    return lines + len(b"NATS/1.0\r\n\r\n") if headers else 0
