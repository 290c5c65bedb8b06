"""Sees the messages of a durable consumer through: read, pass the middlewares, acknowledge."""

import asyncio
from collections.abc import Callable, Sequence

from nats.aio.msg import Msg

from bus.consumer import PullLoop, acknowledge
from bus.delivery import CallNext, Delivery
from bus.encoding import decode
from bus.envelope import Actor, Envelope, read_envelope
from bus.errors import MalformedMessage
from bus.middleware.dead_letter import DeadLetters
from bus.publisher import Publisher
from bus.router import Handler
from bus.topology import MAX_IN_HAND, Consumer
from contracts.base import Message, app_of, name_of

Received = Msg
"""A message as it came, for those who write readers of their own."""

Read = Callable[[Received], Delivery]
"""Makes a delivery of a message; raises when that cannot work, MalformedMessage with the reason."""


class Worker:
    """Sees the messages of one consumer through."""

    def __init__(
        self, consumer: Consumer, read: Read, call: CallNext, publisher: Publisher
    ) -> None:
        self._consumer = consumer
        self._read = read
        self._call = call
        self._publisher = publisher
        self._dead_letters = DeadLetters(publisher)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop, then finish what is in hand."""
        loop = PullLoop(
            self._publisher.link,
            self._consumer.stream,
            self._consumer.name,
            self._see,
            at_once=1 if self._consumer.in_order else MAX_IN_HAND,
        )
        await loop.run(stopping)

    async def _see(self, message: Msg) -> None:
        try:
            delivery = self._read(message)
        except Exception as error:  # noqa: BLE001 # one message must not end the service
            # Reading knows nothing but the message: it would fail the next time, too.
            await self._dead_letters.bury_bytes(
                message.subject,
                message.data,
                message.headers or {},
                error,
                attempts=message.metadata.num_delivered or 1,
            )
        else:
            await self._call(delivery)
        await acknowledge(message)


def typed_reader(consumer: Consumer, handlers: Sequence[Handler]) -> Read:
    """Return the reader of messages whose subjects say their types: `kind.app.name`."""
    known = {_key(handler.message_type): handler for handler in handlers}

    def read(message: Msg) -> Delivery:
        handler = known.get(message.subject.partition(".")[2])
        if handler is None:
            raise MalformedMessage(f"nobody handles {message.subject} here")
        envelope = read_envelope(message.headers)
        if envelope.actor is None and Actor in handler.parameters.values():
            raise MalformedMessage(f"nobody acts in {message.subject}")
        decoded: Message = decode(handler.message_type, message.data)
        return delivery_of(message, consumer, handler, envelope, decoded)

    return read


def delivery_of(
    message: Msg, consumer: Consumer, handler: Handler, envelope: Envelope, decoded: Message
) -> Delivery:
    """Return the delivery of a message that was read."""
    scope: dict[type, object] = {Envelope: envelope}
    if envelope.actor:
        scope[Actor] = envelope.actor
    return Delivery(
        subject=message.subject,
        stream=consumer.stream,
        consumer=consumer.name,
        attempt=message.metadata.num_delivered or 1,
        envelope=envelope,
        headers=dict(message.headers or {}),
        payload=message.data,
        message=decoded,
        handler=handler,
        acknowledgement=message,
        scope=scope,
    )


def _key(message_type: type[Message]) -> str:
    return f"{app_of(message_type)}.{name_of(message_type)}"
