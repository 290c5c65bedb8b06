"""Publishes what a handler produced, before the message is acknowledged.

Every id is derived from the handled message's, so a repeated handling repeats the ids. An outcome
goes to EVENTS for everyone and to whoever asked; if nobody waits there any more, to LATE.
"""

import structlog
from nats.errors import Error as NatsError
from opentelemetry.propagate import inject
from opentelemetry.trace import format_trace_id, get_current_span

from bus.delivery import CallNext, Delivery, Middleware, Outgoing
from bus.encoding import encode
from bus.middleware.retry import OnDead
from bus.publisher import Publisher
from contracts.notices import CommandBuried, subject_of_notice

log = structlog.get_logger()

TAKE_TIMEOUT = 0.5
"""Seconds the asker has to say that it still waits."""
TAKEN = b"taken"
FAILURE_CODE = "Failure-Code"
"""The header of an offer that holds no outcome: the command is dead, found under this code."""


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
    if not envelope.asker or await _taken(publisher, delivery, bytes(outcome.payload), {}):
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


def telling_of_death(publisher: Publisher) -> OnDead:
    """Tell whoever asked for a command that it was buried: in time, or by a notice."""

    async def tell(delivery: Delivery, _: BaseException) -> None:
        envelope, code = delivery.envelope, _trace_id()
        if not (delivery.is_command and envelope.asker):
            return
        if await _taken(publisher, delivery, b"", {FAILURE_CODE: code}):
            return
        if envelope.chat is None or envelope.actor is None:
            return
        buried = CommandBuried(
            app=envelope.actor.app, chat_id=envelope.chat, code=code, key=envelope.message_id
        )
        told = envelope.caused(f"{envelope.message_id}-buried")
        await publisher.publish(
            subject_of_notice(buried),
            encode(buried),
            told.headers(),
            deduplicate=told.message_id,
        )

    return tell


def _trace_id() -> str:
    return format_trace_id(get_current_span().get_span_context().trace_id)


async def _taken(
    publisher: Publisher, delivery: Delivery, payload: bytes, more: dict[str, str]
) -> bool:
    headers = delivery.envelope.headers() | more
    inject(headers)
    subject = f"outcome.{delivery.envelope.asker}.{delivery.envelope.message_id}"
    try:
        reply = await publisher.link.client.request(
            subject, payload, timeout=TAKE_TIMEOUT, headers=headers
        )
    except (NatsError, TimeoutError):
        return False
    return bytes(reply.data) == TAKEN
