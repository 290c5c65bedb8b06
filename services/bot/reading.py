"""Reads updates as they come over the bus, where their bytes are Telegram's own."""

import msgspec
from aiogram.types import Update
from msgspec.structs import replace
from pydantic import ValidationError

from bus.delivery import Delivery
from bus.envelope import Actor, read_envelope
from bus.errors import MalformedMessage
from bus.router import Handler
from bus.topology import Consumer
from bus.worker import Read, Received, delivery_of
from contracts.updates import TelegramUpdate, decode_body
from services.bot.updates import UpdateHandling, sender_of


def update_reader(app: str, consumer: Consumer) -> Read:
    """Return the reader of an app's updates, whose bytes are Telegram's own."""
    handler = Handler("bot.updates", TelegramUpdate, UpdateHandling.__call__, {})

    def read(message: Received) -> Delivery:
        envelope = read_envelope(message.headers)
        try:
            body = decode_body(message.data)
            incoming = TelegramUpdate(
                app=app,
                chat_id=int(message.subject.rpartition(".")[2]),
                update_id=body["update_id"],
                body=body,
            )
            update = Update.model_validate(body)
        except ValidationError as error:
            # Without what was sent: somebody wrote it.
            found = error.errors(include_input=False, include_url=False, include_context=False)
            where = ".".join(map(str, found[0]["loc"]))
            raise MalformedMessage(f"no update that is known: {where}: {found[0]['msg']}") from None
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            raise MalformedMessage(f"no update of Telegram: {error}") from error
        if sender := sender_of(update):
            envelope = replace(envelope, actor=Actor(sender.id, app))
        delivery = delivery_of(message, consumer, handler, envelope, incoming)
        delivery.scope[Update] = update
        return delivery

    return read
