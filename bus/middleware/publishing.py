"""Publishes what a handler produced, before the message is acknowledged.

Every id is derived from the handled message's, so a repeated handling repeats the ids. An outcome
goes to EVENTS for everyone and to whoever asked; if nobody waits there any more, to LATE.
"""

import structlog
from nats.errors import Error as NatsError
from opentelemetry.propagate import inject

from bus.delivery import CallNext, Delivery, Middleware, Outgoing
from bus.publisher import Publisher

log = structlog.get_logger()

TAKE_TIMEOUT = 0.5
"""Seconds the asker has to say that it still waits."""
TAKEN = b"taken"


def publishing(publisher: Publisher) -> Middleware:
    """Publish messages and outcome after the inner middlewares are through."""

    async def publish(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        outcome = delivery.produced.outcome
        messages = [outcome] if outcome else []
        for place, message in enumerate([*messages, *delivery.produced.messages]):
            await _publish(publisher, delivery, message, place)
        if outcome:
            await _tell_asker(publisher, delivery, outcome)

    return publish


async def _publish(publisher: Publisher, delivery: Delivery, message: Outgoing, place: int) -> None:
    envelope = delivery.envelope.caused(f"{delivery.envelope.message_id}-{place}")
    await publisher.publish(
        message.subject, bytes(message.payload), envelope.headers(), deduplicate=envelope.message_id
    )


async def _tell_asker(publisher: Publisher, delivery: Delivery, outcome: Outgoing) -> None:
    envelope = delivery.envelope
    if not envelope.asker or await _taken(publisher, delivery, outcome):
        return
    if envelope.chat is None or envelope.actor is None:
        log.info("outcome.unwanted", command=envelope.message_id)
        return
    late = envelope.caused(f"{envelope.message_id}-late")
    subject = outcome.subject.replace("event.", "late.", 1)
    await publisher.publish(
        subject, bytes(outcome.payload), late.headers(), deduplicate=late.message_id
    )
    log.warning("outcome.late", command=envelope.message_id, outcome=outcome.subject)


async def _taken(publisher: Publisher, delivery: Delivery, outcome: Outgoing) -> bool:
    headers = delivery.envelope.headers()
    inject(headers)
    subject = f"outcome.{delivery.envelope.asker}.{delivery.envelope.message_id}"
    try:
        reply = await publisher.link.client.request(
            subject, bytes(outcome.payload), timeout=TAKE_TIMEOUT, headers=headers
        )
    except (NatsError, TimeoutError):
        return False
    return bytes(reply.data) == TAKEN
