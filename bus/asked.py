"""One of several messages that a handler of many is called with at once."""

from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bus.envelope import Actor, Envelope
from contracts.base import Event, Message

MessageT = TypeVar("MessageT", bound=Message)


class Events:
    """Further events of a handler, published beside its outcome."""

    def __init__(self) -> None:
        self.added: list[Event] = []

    def add(self, event: Event) -> None:
        """Publish `event` once the handler's work is done."""
        self.added.append(event)


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Generic[MessageT]):
    """A message, its envelope, the events that it causes, and the context that it came in.

    What has to be the message's own (its span, above all) is done by `context.run`.
    """

    message: MessageT
    envelope: Envelope
    events: Events = field(default_factory=Events)
    context: Context = field(default_factory=copy_context)

    @property
    def actor(self) -> Actor:
        """Who acts: of a command somebody always does, whoever reads it sees to that."""
        assert self.envelope.actor
        return self.envelope.actor
