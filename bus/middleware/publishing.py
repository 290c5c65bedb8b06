"""Publishes what a handler produced, before the message is acknowledged.

Every id is derived from the handled message's, so a repeated handling repeats the ids. An outcome
goes to EVENTS for everyone and to whoever asked; if nobody waits there any more, to LATE. All that
is said by one message is said side by side, but what one chat is told: who asked may hear of it
before EVENTS has it, never before the database has.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import nullcontext
from hashlib import blake2s

import structlog
from nats.errors import Error as NatsError
from opentelemetry.trace import format_trace_id, get_current_span

from bus.delivery import CallNext, Delivery, Middleware, Outgoing
from bus.encoding import encode
from bus.envelope import MESSAGE_ID, NOBODY_WAITS, Envelope
from bus.middleware.retry import OnDead
from bus.publisher import Publisher
from bus.spans import beginning_here, requesting
from contracts.notices import CommandBuried, subject_of_notice

log = structlog.get_logger()

TAKE_TIMEOUT = 0.5
"""Seconds the asker has to say that it still waits."""
TAKEN = b"taken"
OUTCOME_TAKEN = "switchboard.outcome.taken"
"""Of the span of an offer: whether somebody still waited; else it is told late."""
FAILURE_CODE = "Failure-Code"
"""The header of an offer that holds no outcome: the command is dead, found under this code."""
BURIED = "-buried"
"""Ends the id of what tells of a death; its own is told to nobody."""


def publishing(publisher: Publisher) -> Middleware:
    """Publish messages and outcome after the inner middlewares are through."""

    async def publish(delivery: Delivery, call_next: CallNext) -> None:
        await call_next(delivery)
        outcome = delivery.produced.outcome
        if not (outcome or delivery.produced.messages):
            return
        messages = enumerate([*([outcome] if outcome else []), *delivery.produced.messages])
        saying: list[Awaitable[None]] = []
        chats: dict[str, list[tuple[int, Outgoing]]] = {}
        for place, message in messages:
            if _is_notice(message):
                chats.setdefault(message.subject, []).append((place, message))
            else:
                saying.append(_publish(publisher, delivery, message, place))
        # Of those to one chat the order is kept.
        many = len(chats) > 1
        saying += [_tell(publisher, delivery, told, many=many) for told in chats.values()]
        if outcome and delivery.envelope.asker not in {"", NOBODY_WAITS}:
            saying.append(_tell_asker(publisher, delivery, outcome))
        await _side_by_side(saying)

    return publish


async def _side_by_side(saying: Sequence[Awaitable[None]]) -> None:
    """Say all at once, for each waits for the disk; in the end raise what went wrong first.

    The last is said at once, without a task of its own: who asked is what somebody waits for.
    """
    *others, last = saying
    tasks = [asyncio.ensure_future(each) for each in others]
    wrong: list[Exception] = []
    try:
        for each in (last, *tasks):
            try:
                await each
            except Exception as error:  # noqa: BLE001 # the others are said all the same
                wrong.append(error)
    finally:  # what is left, where this is cancelled
        for task in tasks:
            task.cancel()
    if wrong:
        raise wrong[0]


async def _tell(
    publisher: Publisher, delivery: Delivery, told: list[tuple[int, Outgoing]], *, many: bool
) -> None:
    """Publish the notices to one chat."""
    for place, notice in told:
        # What many chats are told is a trace for each: in one, nobody would find theirs.
        with (
            beginning_here(publisher.tracer, "broadcast", notice.subject) if many else nullcontext()
        ):
            await _publish(publisher, delivery, notice, place)


def _is_notice(message: Outgoing) -> bool:
    return message.subject.startswith("notice.")


def id_of_produced(delivery: Delivery, place: int) -> str:
    """Return the id of what a handler says in that place, the same whenever it is said again.

    A command has one handler. Several may hear an event, each with something to say of its own:
    under the same ids the stream would take the second's for a repetition of the first's.
    """
    cause = delivery.envelope.message_id
    if delivery.is_command:
        return f"{cause}-{place}"
    handler = blake2s(delivery.handler.name.encode(), digest_size=4).hexdigest()
    return f"{cause}-{handler}-{place}"


async def _publish(publisher: Publisher, delivery: Delivery, message: Outgoing, place: int) -> None:
    envelope = delivery.envelope.caused(id_of_produced(delivery, place))
    await publisher.publish(
        message.subject, bytes(message.payload), envelope.headers(), deduplicate=envelope.message_id
    )


async def _tell_asker(publisher: Publisher, delivery: Delivery, outcome: Outgoing) -> None:
    envelope = delivery.envelope
    if await _taken(publisher, envelope, bytes(outcome.payload)):
        return
    if envelope.chat is None or envelope.actor is None:
        log.info("outcome.unwanted")
        return
    late = envelope.caused(f"{envelope.message_id}-late")
    # With the chat at its end, so that the outcomes of one chat can be told in their order.
    _, _, name = outcome.subject.partition(".")
    subject = f"late.{name}.{envelope.actor.app}.{envelope.chat}"
    await publisher.publish(
        subject, bytes(outcome.payload), late.headers(), deduplicate=late.message_id
    )
    log.warning("outcome.late", subject=outcome.subject)


def telling_of_death(publisher: Publisher) -> OnDead:
    """Tell whoever waits for a message that was buried."""

    async def tell(delivery: Delivery, _: BaseException) -> None:
        await tell_of_death(publisher, delivery.subject, delivery.envelope)

    return tell


async def tell_of_death(publisher: Publisher, subject: str, envelope: Envelope) -> None:
    """Tell whoever waits, with the code of the present trace: in time, or by a notice.

    It is told who asked for a command, also when the bot that waits is gone, who was promised
    an outcome that is late, and whose answer went the way of the notices. A command that nobody
    asked for (`send` without `tell`, the clock's) is told to nobody: DEAD holds it for the
    operator. So are all other messages, and what tells of a death.
    """
    kind, code = subject.partition(".")[0], _trace_id()
    place = None
    if envelope.actor and envelope.chat is not None:
        place = envelope.actor.app, envelope.chat
    if kind == "command":
        waits = envelope.asker != NOBODY_WAITS
        if not envelope.asker or (waits and await _taken(publisher, envelope, failure=code)):
            return
        cause = envelope.message_id
    elif kind == "late":
        cause = envelope.causation_id or envelope.message_id
    elif subject.startswith("notice.answer.") and not envelope.message_id.endswith(BURIED):
        cause, place = envelope.message_id, _place_of(subject)
    else:
        return
    if place is None:
        return
    app, chat_id = place
    buried = CommandBuried(app=app, chat_id=chat_id, code=code, key=cause)
    told = envelope.caused(f"{envelope.message_id}{BURIED}")
    await publisher.publish(
        subject_of_notice(buried), encode(buried), told.headers(), deduplicate=told.message_id
    )


def _place_of(notice: str) -> tuple[str, int] | None:
    """Return app and chat of a notice's subject."""
    *_, app, chat = notice.split(".")
    return (app, int(chat)) if chat.removeprefix("-").isdecimal() else None


def _trace_id() -> str:
    return format_trace_id(get_current_span().get_span_context().trace_id)


async def _taken(
    publisher: Publisher, envelope: Envelope, payload: bytes = b"", failure: str = ""
) -> bool:
    """Offer an outcome, or the code of a failure, to who asked.

    The subject says which command's it is, and who asked knows the rest: an offer has no headers,
    of which each costs something at every station.
    """
    subject = f"outcome.{envelope.asker}.{envelope.message_id}"
    headers = {FAILURE_CODE: failure} if failure else None
    link, said_of = publisher.link, {MESSAGE_ID: envelope.message_id}
    with requesting(publisher.tracer, subject, said_of, link.server) as span:
        link.meters.sent(subject)
        try:
            with link.meters.asking(subject):
                reply = await link.client.request(
                    subject, payload, timeout=TAKE_TIMEOUT, headers=headers
                )
            taken = bytes(reply.data) == TAKEN
        except (NatsError, TimeoutError):
            taken = False
        span.set_attribute(OUTCOME_TAKEN, taken)
        return taken
