"""One message in hand: what was delivered, what its handler produced, and how it is called."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from bus.asked import Events
from bus.encoding import encode
from bus.envelope import Envelope
from bus.errors import Forfeited
from bus.hand import Hand
from bus.router import Handler
from bus.topology import ACK_WAIT
from contracts.base import Command, Message, subject_of
from contracts.notices import Notice, subject_of_notice


class Outgoing(msgspec.Struct, frozen=True):
    """A message to be published, with the subject it goes to."""

    subject: str
    payload: msgspec.Raw


def outgoing(message: Message, subject: str | None = None) -> Outgoing:
    """Encode a message that a handler returned."""
    payload = msgspec.Raw(encode(message))
    return Outgoing(subject=subject or subject_of(type(message)), payload=payload)


@dataclass(slots=True)
class Produced:
    """What a handler's work says: the outcome of a command, and further messages."""

    outcome: Outgoing | None = None
    messages: list[Outgoing] = field(default_factory=list)


class Acknowledgement(Protocol):
    """How the message is settled with the server that delivered it."""

    async def in_progress(self) -> None:
        """Ask for more time."""


@dataclass(slots=True, eq=False)
class Delivery:
    """A message in hand; `scope` provides what the handler's parameters ask for by type."""

    subject: str
    stream: str
    consumer: str
    attempt: int
    """How often the stream has delivered it, this time included."""
    envelope: Envelope
    headers: dict[str, str]
    payload: bytes
    message: Message
    handler: Handler
    acknowledgement: Acknowledgement
    sequence: int = 0
    """Its number in the stream."""
    arrived_at: float = 0.0
    """When the stream took it, in seconds since the epoch by the server's clock."""
    beaten_at: float = field(default_factory=time.monotonic)
    """When the server heard of it last, by the monotonic clock, which goes on in a frozen process.

    That is when it came, or was last said to be in progress.
    """
    longest_silence: float = 0.0
    """Seconds between two of these times."""
    hand: Hand = field(init=False)
    """All that its consumer has in hand; its worker says so."""
    looks: bool = False
    """Whether it tries although a dependency was away, to see whether that is back."""
    trials: int = 0
    """How often its handling was begun since this delivery."""
    scope: dict[type, object] = field(default_factory=dict)
    produced: Produced = field(default_factory=Produced)
    buried: BaseException | None = None
    """Why it ended as a dead letter, if it did."""

    @property
    def is_command(self) -> bool:
        """Whether somebody may wait for this message's outcome."""
        return isinstance(self.message, Command)

    @property
    def was_tried_before(self) -> bool:
        """Whether something may be left of an earlier handling, here or elsewhere."""
        return self.attempt > 1 or self.trials > 1

    def beaten(self) -> None:
        """Note that the server was told that it is in progress."""
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self.beaten_at)
        self.beaten_at = now

    def check_is_ours(self) -> None:
        """Raise Forfeited once the server must have given it to another copy, and ever after."""
        silence = max(self.longest_silence, time.monotonic() - self.beaten_at)
        if silence > ACK_WAIT:
            raise Forfeited(f"the server heard nothing of it for {silence:.1f} s")


CallNext = Callable[[Delivery], Awaitable[None]]
Middleware = Callable[[Delivery, CallNext], Awaitable[None]]


def chain(middlewares: list[Middleware], innermost: CallNext) -> CallNext:
    """Wrap `innermost` in the middlewares, the first outermost."""
    call = innermost
    for middleware in reversed(middlewares):
        call = _wrap(middleware, call)
    return call


def _wrap(middleware: Middleware, call_next: CallNext) -> CallNext:
    # No coroutine of its own: there is one for each middleware and message as it is.
    def call(delivery: Delivery) -> Awaitable[None]:
        return middleware(delivery, call_next)

    return call


def collect(delivery: Delivery, returned: Any, events: Events) -> Produced:
    """Sort what a handler returned and added: a command's handler returns its outcome."""
    messages = returned if isinstance(returned, tuple | list) else [returned] if returned else []
    if delivery.is_command:
        (outcome,) = messages
        return Produced(outgoing(outcome), [_outgoing_by_kind(event) for event in events.added])
    return Produced(None, [_outgoing_by_kind(message) for message in [*messages, *events.added]])


def _outgoing_by_kind(message: Message) -> Outgoing:
    if isinstance(message, Notice):
        return outgoing(message, subject_of_notice(message))
    return outgoing(message)
