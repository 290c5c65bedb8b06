"""Tells a chat once: late outcomes with the screen they would have had in time, and notices."""

from datetime import UTC, datetime
from typing import NamedTuple

import structlog

from bus import Actor, Envelope
from bus.router import Handler
from contracts.base import Event, Message
from contracts.messages import outcome_types
from contracts.notices import CommandBuried, Notice
from contracts.people import ChangeReachability
from contracts.screens import Screen
from screens import screen_of
from screens.errors import something_broke
from screens.texts import texts
from services.told import Told, notice_mark
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.errors import Blocked

log = structlog.get_logger()


class Place(NamedTuple):
    """A chat of a bot, and the message there whose place is taken, 0 for a new one."""

    app: str
    chat_id: int
    message_id: int = 0


async def tell_late(
    outcome: Event, envelope: Envelope, actor: Actor, bots: Bots, told: Told
) -> ChangeReachability | None:
    """Show a late outcome, unless the bot has shown it meanwhile."""
    screen = screen_of(outcome, texts(envelope.locale))
    if screen is None or envelope.chat is None:
        return None
    place = Place(actor.app, envelope.chat)
    return await _tell(bots, told, place, screen, envelope.causation_id)


async def tell_notice(notice: Notice, bots: Bots, told: Told) -> ChangeReachability | None:
    """Show a notice, unless it was shown before or its time has passed."""
    if notice.not_after and notice.not_after < datetime.now(UTC):
        log.info("notice.dropped", key=notice.key, reason="its time has passed")
        return None
    mark = notice_mark(notice.app, notice.chat_id, notice.key)
    place = Place(notice.app, notice.chat_id, notice.message_id)
    return await _tell(bots, told, place, notice.screen, mark)


async def tell_buried(
    buried: CommandBuried, envelope: Envelope, bots: Bots, told: Told
) -> ChangeReachability | None:
    """Say that something broke, to somebody who was told it is accepted."""
    screen = something_broke(texts(envelope.locale), buried.code)
    place = Place(buried.app, buried.chat_id)
    return await _tell(bots, told, place, screen, f"buried:{buried.key}")


async def _tell(
    bots: Bots, told: Told, place: Place, screen: Screen, mark: str
) -> ChangeReachability | None:
    if await told.already(mark):
        log.info("screen.shown_before", mark=mark)
        return None
    try:
        if place.message_id:
            await show.edit(bots[place.app], place.chat_id, place.message_id, screen)
        else:
            await show.send(bots[place.app], place.chat_id, screen)
    except Blocked:
        log.info("person.unreachable", app=place.app)
        return ChangeReachability(blocked=True)
    # Marked after sending: a crash in between may show it twice, never not at all.
    await told.mark(mark)
    log.info("screen.told", app=place.app, mark=mark)
    return None


def late_handlers() -> list[Handler]:
    """Return a handler for every outcome of every command, so that no app can forget one."""
    parameters = {"envelope": Envelope, "actor": Actor, "bots": Bots, "told": Told}
    return [
        Handler("notifier.telling.tell_late", outcome, tell_late, parameters)
        for outcome in outcome_types()
    ]


def notice_handlers() -> dict[type[Message], Handler]:
    """Return the handlers of what comes the way of the notices."""
    parameters = {"bots": Bots, "told": Told}
    notice = Handler("notifier.telling.tell_notice", Notice, tell_notice, parameters)
    buried = Handler(
        "notifier.telling.tell_buried",
        CommandBuried,
        tell_buried,
        {"envelope": Envelope, **parameters},
    )
    return {Notice: notice, CommandBuried: buried}
