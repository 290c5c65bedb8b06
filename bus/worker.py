"""Handles the typed messages of a durable consumer: decode, pass the middlewares, acknowledge."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from nats.aio.msg import Msg

from bus.consumer import PullLoop, acknowledge
from bus.delivery import Delivery, Events, Middleware, chain
from bus.envelope import Actor, Envelope, read_envelope
from bus.errors import MalformedMessage
from bus.middleware.dead_letter import DeadLetters
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.router import Handler
from bus.topology import MAX_IN_HAND, Consumer
from contracts.base import Message, app_of, name_of


@dataclass(frozen=True, slots=True)
class Known:
    """A handler with the decoder of its message."""

    handler: Handler
    decoder: "msgspec.json.Decoder[object]"


class Worker:
    """Sees the messages of one consumer through."""

    def __init__(
        self,
        consumer: Consumer,
        handlers: Sequence[Handler],
        resolver: Resolver,
        middlewares: Sequence[Middleware],
        publisher: Publisher,
    ) -> None:
        for handler in handlers:
            resolver.check(handler)
        self._consumer = consumer
        self._known = {
            _key(handler.message_type): Known(handler, msgspec.json.Decoder(handler.message_type))
            for handler in handlers
        }
        self._call = chain(list(middlewares), resolver.caller())
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
        except MalformedMessage as error:
            # It will not decode the next time either.
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

    def _read(self, message: Msg) -> Delivery:
        known = self._known.get(message.subject.partition(".")[2])
        if known is None:
            raise MalformedMessage(f"nobody handles {message.subject} here")
        envelope = read_envelope(message.headers)
        if envelope.actor is None and Actor in known.handler.parameters.values():
            raise MalformedMessage(f"nobody acts in {message.subject}")
        try:
            decoded = known.decoder.decode(message.data)
        except msgspec.MsgspecError as error:
            raise MalformedMessage(str(error)) from error
        assert isinstance(decoded, known.handler.message_type)
        return Delivery(
            subject=message.subject,
            stream=self._consumer.stream,
            consumer=self._consumer.name,
            attempt=message.metadata.num_delivered or 1,
            envelope=envelope,
            headers=dict(message.headers or {}),
            payload=message.data,
            message=decoded,
            handler=known.handler,
            acknowledgement=message,
            scope=_scope(envelope),
        )


def _key(message_type: type[Message]) -> str:
    return f"{app_of(message_type)}.{name_of(message_type)}"


def _scope(envelope: Envelope) -> dict[type, object]:
    scope: dict[type, object] = {Envelope: envelope, Events: Events()}
    if envelope.actor:
        scope[Actor] = envelope.actor
    return scope
