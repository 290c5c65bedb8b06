"""What the notifier is to tell: notices, late outcomes, and that a command is buried."""

from datetime import UTC, datetime

from bus import Actor, Envelope
from bus.router import Handler
from contracts.base import Event, Message
from contracts.messages import outcome_types
from contracts.notices import CommandBuried, Notice
from contracts.people import ChangeReachability
from screens import screen_of
from screens.errors import something_broke
from screens.texts import texts
from services.notifier.receipts import Report
from services.notifier.telling import Place, Teller, Telling
from services.told import notice_mark


async def tell_late(
    outcome: Event, envelope: Envelope, actor: Actor, teller: Teller
) -> ChangeReachability | None:
    """Show a late outcome, unless the bot has shown it meanwhile."""
    screen = screen_of(outcome, texts(envelope.locale))
    if screen is None or envelope.chat is None:
        return None
    place = Place(actor.app, envelope.chat)
    return (await teller.tell(Telling(place, screen, envelope.causation_id))).learned


async def tell_notice(
    notice: Notice, envelope: Envelope, teller: Teller, report: Report
) -> ChangeReachability | None:
    """Show a notice, unless its version was shown before or its time has passed."""
    telling = Telling(
        Place(notice.app, notice.chat_id, notice.message_id),
        notice.screen,
        notice_mark(notice.app, notice.chat_id, notice.key),
        notice.urgency,
        notice.version,
        must_end=bool(notice.receipt),
    )
    if notice.not_after and notice.not_after < datetime.now(UTC):
        ending = await teller.too_late(telling)
    else:
        ending = await teller.tell(telling)
    report.ending = ending
    # A group is nobody's.
    return ending.learned if envelope.actor else None


async def tell_buried(
    buried: CommandBuried, envelope: Envelope, teller: Teller
) -> ChangeReachability | None:
    """Say that something broke, to somebody who was told it is accepted."""
    screen = something_broke(texts(envelope.locale), buried.code)
    place = Place(buried.app, buried.chat_id)
    ending = await teller.tell(Telling(place, screen, f"buried:{buried.key}"))
    return ending.learned if envelope.actor else None


def late_handlers() -> list[Handler]:
    """Return a handler for every outcome of every command, so that no app can forget one."""
    parameters = {"envelope": Envelope, "actor": Actor, "teller": Teller}
    return [
        Handler("notifier.handlers.tell_late", outcome, tell_late, parameters)
        for outcome in outcome_types()
    ]


def notice_handlers() -> dict[type[Message], Handler]:
    """Return the handlers of what comes the way of the notices."""
    telling = {"envelope": Envelope, "teller": Teller}
    notice = Handler(
        "notifier.handlers.tell_notice", Notice, tell_notice, {**telling, "report": Report}
    )
    buried = Handler("notifier.handlers.tell_buried", CommandBuried, tell_buried, telling)
    return {Notice: notice, CommandBuried: buried}
