"""Tells a chat once: late outcomes with the screen they would have had in time, and notices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, Counter
from structlog.contextvars import bind_contextvars

from bus import Actor, Envelope
from bus.router import Handler
from contracts.base import Event, Message
from contracts.messages import outcome_types
from contracts.notices import CommandBuried, Notice, Urgency
from contracts.people import ChangeReachability
from contracts.screens import Screen
from observability.exemplars import exemplar
from screens import screen_of
from screens.errors import something_broke
from screens.texts import texts
from services.told import Told, notice_mark
from telegram_api import show
from telegram_api.calling import patience, urgent_as
from telegram_api.client import Bots
from telegram_api.errors import Blocked, TelegramAway

PATIENCE = 2.0
"""Seconds for a turn in Telegram's limits; who has to wait longer leaves their place to others."""

Result = Literal["told", "told before", "too late", "unreachable", "fate unknown"]


class Place(NamedTuple):
    """A chat of a bot, and the message there that is to be replaced, 0 for none."""

    app: str
    chat_id: int
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be told, with the mark by which it is told once."""

    place: Place
    screen: Screen
    mark: str
    urgency: Urgency = "answer"


class Teller:
    """Tells it by Telegram and counts how that ended."""

    def __init__(self, bots: Bots, told: Told, registry: CollectorRegistry) -> None:
        self._bots = bots
        self._told = told
        self._ends = Counter(
            "notifier_tellings_total",
            "What chats were to be told unasked, by how that ended",
            ("urgency", "result"),
            registry=registry,
        )

    async def tell(self, telling: Telling) -> ChangeReachability | None:
        """Tell it unless the bot or another copy has; returns what is learned of the person.

        Raises NotYet while somebody else is telling it, Held and TelegramAway as Telegram does.
        """
        try:
            async with self._told.showing(telling.mark) as mine:
                # Marked after it was sent: a crash in between may show it twice, never not at all.
                result: Result = await self._show(telling) if mine else "told before"
        except Blocked:
            self.ended(telling.urgency, "unreachable")
            return ChangeReachability(blocked=True)
        self.ended(telling.urgency, result)
        return None

    def ended(self, urgency: Urgency, result: Result) -> None:
        """Count it, and have the line of the message say it."""
        self._ends.labels(urgency, result).inc(1, exemplar())
        bind_contextvars(urgency=urgency, told=result)

    async def _show(self, telling: Telling) -> Result:
        app, chat_id, message_id = telling.place
        try:
            with patience(PATIENCE), urgent_as(telling.urgency):
                if message_id:
                    await show.edit(self._bots[app], chat_id, message_id, telling.screen)
                else:
                    await show.send(self._bots[app], chat_id, telling.screen)
        except TelegramAway as away:
            # It may be in the chat. Twice is better than never, but for what many are told.
            if away.fate_unknown and telling.urgency == "bulk":
                return "fate unknown"
            raise
        return "told"


async def tell_late(
    outcome: Event, envelope: Envelope, actor: Actor, teller: Teller
) -> ChangeReachability | None:
    """Show a late outcome, unless the bot has shown it meanwhile."""
    screen = screen_of(outcome, texts(envelope.locale))
    if screen is None or envelope.chat is None:
        return None
    place = Place(actor.app, envelope.chat)
    return await teller.tell(Telling(place, screen, envelope.causation_id))


async def tell_notice(notice: Notice, teller: Teller) -> ChangeReachability | None:
    """Show a notice, unless it was shown before or its time has passed."""
    mark = notice_mark(notice.app, notice.chat_id, notice.key)
    if notice.not_after and notice.not_after < datetime.now(UTC):
        teller.ended(notice.urgency, "too late")
        return None
    place = Place(notice.app, notice.chat_id, notice.message_id)
    return await teller.tell(Telling(place, notice.screen, mark, notice.urgency))


async def tell_buried(
    buried: CommandBuried, envelope: Envelope, teller: Teller
) -> ChangeReachability | None:
    """Say that something broke, to somebody who was told it is accepted."""
    screen = something_broke(texts(envelope.locale), buried.code)
    place = Place(buried.app, buried.chat_id)
    return await teller.tell(Telling(place, screen, f"buried:{buried.key}"))


def late_handlers() -> list[Handler]:
    """Return a handler for every outcome of every command, so that no app can forget one."""
    parameters = {"envelope": Envelope, "actor": Actor, "teller": Teller}
    return [
        Handler("notifier.telling.tell_late", outcome, tell_late, parameters)
        for outcome in outcome_types()
    ]


def notice_handlers() -> dict[type[Message], Handler]:
    """Return the handlers of what comes the way of the notices."""
    notice = Handler("notifier.telling.tell_notice", Notice, tell_notice, {"teller": Teller})
    buried = Handler(
        "notifier.telling.tell_buried",
        CommandBuried,
        tell_buried,
        {"envelope": Envelope, "teller": Teller},
    )
    return {Notice: notice, CommandBuried: buried}
