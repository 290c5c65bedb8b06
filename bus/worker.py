"""Sees the messages of a durable consumer through: read, pass the middlewares, acknowledge."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from nats.aio.msg import Msg

from bus.connection import ConnectionLost
from bus.consumer import PullLoop, acknowledge
from bus.delivery import CallNext, Delivery
from bus.encoding import decode
from bus.envelope import MESSAGE_ID, Actor, Envelope, read_envelope
from bus.errors import Forfeited, MalformedMessage, NotPublished, in_short
from bus.hand import READY_AT_ONCE, Hand
from bus.lines import in_hand, known, name_span, say_handled
from bus.metadata import metadata_of
from bus.meters import UNREADABLE
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.publishing import tell_of_death
from bus.middleware.retry import NeverSettled, deliveries_at_most
from bus.publisher import Publisher
from bus.router import Handler
from bus.spans import Arrival, died, processing
from bus.topology import MAX_IN_HAND, Consumer
from contracts.base import Message, app_of, name_of

log = structlog.get_logger()

READINGS_MORE = 5
"""Deliveries in which a message that was given up might still be read, to say whom it concerns."""

Received = Msg
"""A message as it came, for those who write readers of their own."""

Read = Callable[[Received], Delivery]
"""Makes a delivery of a message; raises when that cannot work, MalformedMessage with the reason."""


class Worker:
    """Sees the messages of one consumer through; `ready` of them are in hand at once."""

    def __init__(
        self,
        consumer: Consumer,
        read: Read,
        call: CallNext,
        publisher: Publisher,
        ready: int = READY_AT_ONCE,
    ) -> None:
        self._consumer = consumer
        self._read = read
        self._call = call
        self._publisher = publisher
        self._dead_letters = DeadLetters(publisher)
        at_once = 1 if consumer.in_order else MAX_IN_HAND
        self._hand = Hand(consumer.name, at_once, ready)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop, then finish what is in hand.

        Raises:
            ConnectionLost: the connection is closed for good.
        """
        loop = PullLoop(
            self._publisher.link,
            self._consumer.stream,
            self._consumer.name,
            self._see,
            self._hand,
        )
        self._publisher.link.meters.watch_hand(
            self._consumer.stream, self._consumer.name, loop.oldest_seconds
        )
        await loop.run(stopping)

    async def _see(self, message: Msg) -> None:
        with in_hand(message, self._consumer.name):
            await self._see_through(message)

    async def _see_through(self, message: Msg) -> None:
        meters, consumer = self._publisher.link.meters, self._consumer.name
        try:
            delivery = self._read_message(message)
        except Exception as error:  # noqa: BLE001 # one message must not end the service
            meters.delivered(consumer, message.subject, UNREADABLE)
            # Reading knows nothing but the message: it would fail the next time, too.
            await self._bury(message, error)
        else:
            meters.delivered(consumer, message.subject, type(delivery.message).__name__)
            known(delivery.message, delivery.envelope)
            delivery.hand = self._hand
            try:
                await self._call(delivery)
            except NotPublished as error:
                raise ConnectionLost(str(error)) from error
            except Forfeited as error:
                # Whoever has it now settles it; where nobody has, it comes again.
                log.warning("message.forfeited", error=in_short(error))
                raise
            except Exception as error:
                # Not the handler, for which there are attempts: what is around it cannot bear it.
                log.exception("message.unbearable")
                await self._bury(message, error)
        acknowledge(self._publisher.link, message)

    def _read_message(self, message: Msg) -> Delivery:
        times = metadata_of(message).deliveries
        if times > deliveries_at_most(self._hand) + READINGS_MORE:
            # It never came as far as to be given up: reading it is what kills the process.
            raise NeverSettled(f"delivered {times} times")
        return self._read(message)

    async def _bury(self, message: Msg, error: Exception) -> None:
        """Bury what could not be read, in the trace it came with, and tell who waits for it."""
        headers = message.headers or {}
        began = time.perf_counter()
        arrival = _arrival_of(message, self._consumer)
        with processing(self._publisher.tracer, arrival, headers) as span:
            died(span, error)
            name_span()
            try:
                await self._dead_letters.bury_message(message, error)
                with suppress(MalformedMessage):  # of whom it concerns, nothing can be read either
                    envelope = read_envelope(headers)
                    await tell_of_death(self._publisher, message.subject, envelope)
            except NotPublished as closed:
                raise ConnectionLost(str(closed)) from closed
            except Exception:  # it is buried: its ending must not end the service
                log.exception("death.not_told")
            seconds = time.perf_counter() - began
            self._publisher.link.meters.processed(self._consumer.name, UNREADABLE, "dead", seconds)
            say_handled(message.data, arrival.deliveries, began, "dead")


def typed_reader(consumer: Consumer, handlers: Sequence[Handler]) -> Read:
    """Return the reader of messages whose subjects say their types: `kind.app.name...`."""
    known = {_key(handler.message_type): handler for handler in handlers}

    def read(message: Msg) -> Delivery:
        handler = known.get(".".join(message.subject.split(".")[1:3]))
        if handler is None:
            raise MalformedMessage(f"nobody handles {message.subject} here")
        envelope = read_envelope(message.headers)
        if envelope.actor is None and handler.asks_who:
            raise MalformedMessage(f"nobody acts in {message.subject}")
        decoded: Message = decode(handler.message_type, message.data)
        return delivery_of(message, consumer, handler, envelope, decoded)

    return read


def delivery_of(
    message: Msg, consumer: Consumer, handler: Handler, envelope: Envelope, decoded: Message
) -> Delivery:
    """Return the delivery of a message that was read."""
    told = metadata_of(message)
    scope: dict[type, object] = {Envelope: envelope}
    if envelope.actor:
        scope[Actor] = envelope.actor
    return Delivery(
        subject=message.subject,
        stream=consumer.stream,
        consumer=consumer.name,
        attempt=told.deliveries or 1,
        envelope=envelope,
        headers=dict(message.headers or {}),
        payload=message.data,
        message=decoded,
        handler=handler,
        acknowledgement=message,
        sequence=told.sequence,
        arrived_at=told.stored_at,
        scope=scope,
    )


def _arrival_of(message: Msg, consumer: Consumer) -> Arrival:
    told = metadata_of(message)
    message_id = (message.headers or {}).get(MESSAGE_ID, "")
    return Arrival(
        message.subject,
        message_id,
        consumer.stream,
        consumer.name,
        told.sequence,
        told.deliveries or 1,
    )


def _key(message_type: type[Message]) -> str:
    return f"{app_of(message_type)}.{name_of(message_type)}"
