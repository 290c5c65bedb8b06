"""Handles one update: reads what is remembered, lets a handler answer, remembers what was done."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from aiogram.types import Update, User

from bus import (
    Actor,
    CommandFailed,
    Envelope,
    NotInTime,
    Overloaded,
    QueryFailed,
    QueryUnavailable,
)
from bus.caller import Bus, Wire
from bus.delivery import Delivery
from contracts.base import Language
from contracts.people import GetPerson, Person, RememberPerson
from contracts.updates import TelegramUpdate
from observability.traces import current_trace_id
from screens import errors
from screens.texts import texts
from services.bot.answering import Answering
from services.bot.conversation import Conversation
from services.bot.dispatching import Dispatch
from services.bot.flood import Taking, Verdict, cost_of
from services.bot.forms import stop_awaiting_another
from services.bot.in_flight import InFlight
from services.bot.memory import Memory, Remembered, Where
from services.bot.sent import Sent
from telegram_api.client import Bots
from telegram_api.errors import Blocked

log = structlog.get_logger()

TIME_ZONES: Mapping[Language, str] = {"en": "UTC", "ru": "Europe/Moscow"}
"""What is assumed until a person says otherwise."""

BUDGET = 3.0
"""Seconds for the handling of an update: so long, other chats of its partition wait."""
FOR_ANSWERS = 0.5
"""Seconds of them that are left for saying what was waited for."""
WHO_WRITES = 1.0


@dataclass(frozen=True, slots=True)
class UpdateHandling:
    """The innermost call for updates, in the place of typed handlers; a scope has the Update."""

    dispatches: Mapping[str, Dispatch]
    bots: Bots
    memory: Memory
    wire: Wire
    in_flight: InFlight
    in_hand: dict[str, Sent] = field(default_factory=dict)
    """What was sent, by update: a retry here knows it also while Redis is away."""
    budget: float = field(default_factory=lambda: BUDGET)
    """Seconds in which an update has its answers or is told to wait."""

    async def __call__(self, delivery: Delivery) -> None:
        """Handle an update once: a marked one is only acknowledged."""
        incoming = delivery.message
        assert isinstance(incoming, TelegramUpdate)
        update = _read_before(delivery)
        person = sender_of(update)
        if person is None:
            return
        where = Where(incoming.app, incoming.chat_id, person.id, delivery.envelope.message_id)
        taking = Taking(cost_of(update), delivery.arrived_at)
        remembered = await self.memory.read(where, taking)
        if remembered.done:
            log.info("update.done_before", app=where.app)
            self.in_hand.pop(where.cause, None)
        elif remembered.verdict is Verdict.IGNORE:
            # No call of Telegram: others of the partition would wait for all that is ignored.
            log.info("person.too_fast", app=where.app, told=False)
            await self.memory.write(where, remembered.dialog, [])
        else:
            await self._converse(delivery, update, where, remembered)
            self.in_hand.pop(where.cause, None)

    async def _converse(
        self, delivery: Delivery, update: Update, where: Where, remembered: Remembered
    ) -> None:
        started, person = time.monotonic(), sender_of(update)
        assert person is not None
        known = remembered.person or await self._ask_who(
            Bus(self.wire, _cause(where, _language(person)), until=started + WHO_WRITES), person
        )
        cause = _cause(where, known.language)
        conversation = Conversation(
            app=where.app,
            chat_id=where.chat_id,
            update=update,
            person=known,
            bus=Bus(self.wire, cause, until=started + self.budget - FOR_ANSWERS),
            dialog=remembered.dialog,
            memory=self.memory,
            answering=self._answering(delivery, where, cause, started + self.budget, remembered),
            arrived_at=delivery.arrived_at,
        )
        if remembered.verdict is Verdict.HANDLE:
            # Whoever blocks the bot does not write: to be told both at once would contradict.
            if not (remembered.seen or update.my_chat_member):
                await self._remember(conversation, person)
            await self._answer(conversation)
        else:
            await self._slow_down(conversation)
        delivery.check_is_ours()
        # Neither goes on behind a failure of the other: the next attempt reads what is written.
        for ended in await asyncio.gather(
            self._end_spinner(conversation),
            self.memory.write(where, conversation.dialog, conversation.told),
            return_exceptions=True,
        ):
            if isinstance(ended, BaseException):
                raise ended

    async def tell_of_bug(self, delivery: Delivery, error: BaseException) -> None:
        """Say that something broke, with the code under which it can be found."""
        incoming = delivery.message
        assert isinstance(incoming, TelegramUpdate)
        sender = sender_of(_read_before(delivery))
        if sender is None:
            return
        until = time.monotonic() + self.budget
        where = Where(incoming.app, incoming.chat_id, sender.id, delivery.envelope.message_id)
        remembered = await self.memory.read(where, Taking(0, delivery.arrived_at))
        say = texts(remembered.person.language if remembered.person else _language(sender))
        cause = _cause(where, _language(sender))
        answering = self._answering(delivery, where, cause, until, remembered)
        with suppress(Blocked):
            # Whatever else it meets is tried again, or said in the log, where this is called.
            await answering.send(errors.something_broke(say, current_trace_id()), place="bug")
        self.in_hand.pop(where.cause, None)

    def _answering(
        self,
        delivery: Delivery,
        where: Where,
        cause: Envelope,
        until: float,
        remembered: Remembered,
    ) -> Answering:
        sent = self.in_hand.setdefault(where.cause, Sent(self.memory.redis, where.cause))
        sent.learn(remembered.sent)
        return Answering(
            bot=self.bots[where.app],
            delivery=delivery,
            app=where.app,
            chat_id=where.chat_id,
            cause=cause,
            sent=sent,
            publisher=self.wire.publisher,
            in_flight=self.in_flight,
            until=until,
            handed_over=remembered.handed_over,
        )

    async def _answer(self, conversation: Conversation) -> None:
        dispatch, bot = self.dispatches[conversation.app], conversation.answering.bot
        try:
            await dispatch(conversation.update, bot, conversation)
            stop_awaiting_another(conversation)
        except NotInTime:
            await conversation.toast()
            await conversation.send(errors.accepted(conversation.say))
        except CommandFailed as failed:
            await conversation.toast()
            await conversation.send(errors.something_broke(conversation.say, failed.code))
        except Overloaded:
            # Nothing was accepted: the same press, or answer, is taken again when there is room.
            conversation.dialog.restore()
            await conversation.toast()
            await conversation.send(errors.overloaded(conversation.say, conversation.code))
        except Blocked:
            log.info("person.unreachable", app=conversation.app)

    async def _end_spinner(self, conversation: Conversation) -> None:
        """Answer the pressed button, unless that was done; nothing waits for it."""
        with suppress(Blocked):
            await conversation.toast()

    async def _slow_down(self, conversation: Conversation) -> None:
        """Say it once."""
        log.info("person.too_fast", app=conversation.app, told=True)
        with suppress(Blocked):
            await conversation.send(errors.slow_down(conversation.say))

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

    async def _remember(self, conversation: Conversation, sender: User) -> None:
        language = _language(sender)
        try:
            await conversation.bus.send(
                RememberPerson(language=language, time_zone=TIME_ZONES[language]),
                command_id=f"{conversation.answering.cause.message_id}-seen",
            )
        except Overloaded:
            return  # the next update tries again
        await self.memory.mark_seen(conversation.app, sender.id)


def sender_of(update: Update) -> User | None:
    """Return who wrote, pressed, or blocked the bot; nobody in what a channel posts."""
    part = update.message or update.callback_query or update.my_chat_member
    return part.from_user if part else None


def _read_before(delivery: Delivery) -> Update:
    update = delivery.scope[Update]
    assert isinstance(update, Update)
    return update


def _language(sender: User) -> Language:
    code = (sender.language_code or "en").partition("-")[0]
    return "ru" if code == "ru" else "en"


def _cause(where: Where, language: Language) -> Envelope:
    return Envelope(
        message_id=where.cause,
        actor=Actor(person=where.person_id, app=where.app),
        chat=where.chat_id,
        locale=language,
    )
