"""A chat is told in order: what it waits for longest first, and of the lesser urgency last.

A stream holds a message until it is told, so what is still there before it says whose turn it is,
to every copy of the notifier, also after a crash of one. Chats do not wait for each other.
"""

from dataclasses import dataclass

from bus.connection import Link
from bus.delivery import CallNext, Delivery, Middleware
from bus.oldest import oldest
from bus.trouble import Trouble, held_up
from services.trouble import trouble_of


class NotItsTurn(Exception):
    """The chat is to be told something else first."""


def trouble_of_notifier(error: BaseException) -> Trouble:
    """Tell what a failure means; who waits for a turn has learned nothing of Telegram.

    They wait for as long as those before them: those are told, or given up.
    """
    return held_up(lasts=True) if isinstance(error, NotItsTurn) else trouble_of(error)


@dataclass(frozen=True, slots=True)
class Line:
    """What waits for one chat in a stream."""

    stream: str
    subject: str


def in_turn(link: Link) -> Middleware:
    """Raise NotItsTurn for as long as the chat is to be told something else first."""

    async def wait_for_turn(delivery: Delivery, call_next: CallNext) -> None:
        lines = lines_of(delivery)
        for line in lines:
            first = await oldest(link, line.stream, line.subject)
            # In its own line it waits for those before it, in the others for all.
            if first is not None and (line != lines[-1] or first < delivery.sequence):
                raise NotItsTurn(f"{line.stream} {first} comes first")
        await call_next(delivery)

    return wait_for_turn


def lines_of(delivery: Delivery) -> list[Line]:
    """Return the line in which a message stands, after those that come first; none for an event.

    What is answered late and what is answered by a notice wait for others of their kind only.
    """
    kind, *_, bot, chat = delivery.subject.split(".")
    if kind == "late":
        return [_late(bot, chat)]
    if kind != "notice":
        return []
    notices = [
        Line("NOTICES", f"notice.{urgency}.{bot}.{chat}")
        for urgency in ("answer", "reminder", "bulk")
    ]
    place = [line.subject for line in notices].index(delivery.subject)
    return [_late(bot, chat), *notices[: place + 1]] if place else notices[:1]


def _late(bot: str, chat: str) -> Line:
    return Line("LATE", f"late.*.*.{bot}.{chat}")
