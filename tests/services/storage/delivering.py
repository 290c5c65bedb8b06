"""Deliveries as storage's workers hand them to the middlewares, without the bus in between."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec

from bus import Actor, Envelope, Router
from bus.delivery import Delivery, Outgoing
from bus.encoding import encode
from bus.hand import Hand
from bus.router import Handler
from contracts.base import Message, PersonId, subject_of

Function = Callable[..., Awaitable[Any]]


class Unsettled:
    """Nobody settles these messages: there is no stream."""

    async def in_progress(self) -> None:
        """Nothing to tell."""


def new_message_id() -> str:
    """Return an id that no message has yet."""
    return f"test-{uuid4().hex}"


def delivered(function: Function, message: Message, message_id: str) -> Delivery:
    """Return a message of person 1001 in the hand of its handler."""
    router = Router()
    router.handle(function)
    (handler,) = router
    return in_hand_of(handler, message, message_id, 1001)


def in_hand_of(
    handler: Handler, message: Message, message_id: str, person: PersonId, app: str = "documents"
) -> Delivery:
    """Return a message of a person in the hand of its handler."""
    actor = Actor(person, app)
    envelope = Envelope(message_id=message_id, actor=actor, chat=person)
    delivery = Delivery(
        subject=subject_of(type(message)),
        stream="COMMANDS",
        consumer=f"storage-{app}",
        attempt=1,
        envelope=envelope,
        headers=envelope.headers(),
        payload=encode(message),
        message=message,
        handler=handler,
        acknowledgement=Unsettled(),
        scope={Actor: actor, Envelope: envelope},
    )
    delivery.hand = Hand()
    return delivery


def said(delivery: Delivery) -> list[tuple[str, Any]]:
    """Return all that a handling says; PostgreSQL keeps no order of fields."""
    outcome = delivery.produced.outcome
    messages: list[Outgoing] = [*([outcome] if outcome else []), *delivery.produced.messages]
    return [(message.subject, msgspec.json.decode(message.payload)) for message in messages]
