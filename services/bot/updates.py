"""Handles one update: reads what is remembered, lets aiogram answer, remembers what was done."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import structlog
from aiogram import Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Update, User
from pydantic import ValidationError

from bus import Actor, CommandFailed, Envelope, NotInTime, QueryFailed, QueryUnavailable
from bus.caller import Bus, Wire
from bus.delivery import Delivery
from bus.envelope import read_envelope
from bus.errors import MalformedMessage
from bus.router import Handler
from bus.topology import Consumer
from bus.worker import Read, Received, delivery_of
from contracts.base import Language
from contracts.people import GetPerson, Person, RememberPerson
from contracts.updates import TelegramUpdate, decode_body
from observability.traces import current_trace_id
from screens import errors
from screens.texts import texts
from services.bot.conversation import AlreadyTold, Conversation
from services.bot.memory import Memory
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.errors import Blocked

log = structlog.get_logger()

TIME_ZONES: Mapping[Language, str] = {"en": "UTC", "ru": "Europe/Moscow"}
"""What is assumed until a person says otherwise."""


@dataclass(frozen=True, slots=True)
class UpdateHandling:
    """The innermost call for updates, in the place of typed handlers."""

    dispatchers: Mapping[str, Dispatcher]
    bots: Bots
    memory: Memory
    wire: Wire

    async def __call__(self, delivery: Delivery) -> None:
        """Handle an update once: a marked one is only acknowledged."""
        incoming = delivery.message
        assert isinstance(incoming, TelegramUpdate)
        app, bot = incoming.app, self.bots[incoming.app]
        update = Update.model_validate(incoming.body, context={"bot": bot})
        person = _sender(update)
        if person is None:
            return
        cause = delivery.envelope.message_id
        remembered = await self.memory.read(app, incoming.chat_id, person.id, cause)
        if remembered.done:
            log.info("update.done_before", app=app)
            return
        bus = Bus(self.wire, _cause(cause, incoming, person, remembered.person))
        known = remembered.person or await self._ask_who(bus, person)
        conversation = Conversation(
            app=app,
            chat_id=incoming.chat_id,
            update=update,
            person=known,
            bot=bot,
            bus=Bus(self.wire, _cause(cause, incoming, person, known)),
            dialog=remembered.dialog,
            memory=self.memory,
        )
        if not remembered.seen:
            await self._remember(conversation, person, cause)
        await self._answer(conversation)
        await self.memory.write(
            app, incoming.chat_id, cause, conversation.dialog, conversation.told
        )

    async def tell_of_bug(self, delivery: Delivery, error: BaseException) -> None:
        """Say that something broke, with the code under which it can be found."""
        incoming = delivery.message
        assert isinstance(incoming, TelegramUpdate)
        with suppress(TelegramAPIError):
            sender = _sender(Update.model_validate(incoming.body))
            say = texts(_language(sender) if sender else "en")
            screen = errors.something_broke(say, current_trace_id())
            await show.send(self.bots[incoming.app], incoming.chat_id, screen)

    async def _answer(self, conversation: Conversation) -> None:
        dispatcher = self.dispatchers[conversation.app]
        try:
            await dispatcher.feed_update(
                conversation.bot, conversation.update, conversation=conversation
            )
            await conversation.toast()
        except AlreadyTold:
            await conversation.toast()
        except NotInTime:
            await conversation.toast()
            await conversation.send(errors.accepted(conversation.say))
        except CommandFailed as failed:
            await conversation.toast()
            await conversation.send(errors.something_broke(conversation.say, failed.code))
        except Blocked:
            log.info("person.unreachable", app=conversation.app)

    async def _ask_who(self, bus: Bus, sender: User) -> Person:
        """Ask `query` who writes; for as long as it is away Telegram's word has to do."""
        guess = Person(
            person_id=sender.id,
            known=False,
            language=_language(sender),
            time_zone=TIME_ZONES[_language(sender)],
            roles=(),
            blocked=(),
        )
        try:
            person = await bus.ask(GetPerson())
        except (QueryUnavailable, QueryFailed):
            return guess
        if not person.known:
            return guess
        await self.memory.keep_person(person)
        return person

    async def _remember(self, conversation: Conversation, sender: User, cause: str) -> None:
        language = _language(sender)
        await conversation.bus.send(
            RememberPerson(language=language, time_zone=TIME_ZONES[language]),
            command_id=f"{cause}-seen",
        )
        await self.memory.mark_seen(conversation.app, sender.id)


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
            Update.model_validate(body)
        except ValidationError as error:
            # Without what was sent: somebody wrote it.
            found = error.errors(include_input=False, include_url=False, include_context=False)
            where = ".".join(map(str, found[0]["loc"]))
            raise MalformedMessage(f"no update that is known: {where}: {found[0]['msg']}") from None
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            raise MalformedMessage(f"no update of Telegram: {error}") from error
        return delivery_of(message, consumer, handler, envelope, incoming)

    return read


def _sender(update: Update) -> User | None:
    part = update.message or update.callback_query or update.my_chat_member
    return part.from_user if part else None


def _language(sender: User) -> Language:
    code = (sender.language_code or "en").partition("-")[0]
    return "ru" if code == "ru" else "en"


def _cause(
    message_id: str, incoming: TelegramUpdate, sender: User, person: Person | None
) -> Envelope:
    return Envelope(
        message_id=message_id,
        actor=Actor(person=sender.id, app=incoming.app),
        chat=incoming.chat_id,
        locale=person.language if person else _language(sender),
    )
