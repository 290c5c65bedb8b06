"""A chat is told in order: what it waits for longest first, and of the lesser urgency last.

A stream holds a message until it is told, so what is still there before it says whose turn it is,
to every copy of the notifier, also after a crash of one. Chats do not wait for each other.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bus.backlog import oldest
from bus.connection import Link
from bus.delivery import CallNext, Delivery, Middleware
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


@dataclass(slots=True)
class Queues:
    """What is waiting in front of whoever asks, with as few questions to the server as will do.

    That nothing of a bot waits in a line is learned once for all who ask at the same time: mostly
    so it is, of answers and of what is late, while many are told something.
    """

    link: Link
    _looks: dict[tuple[Line, ...], "asyncio.Task[bool]"] = field(default_factory=dict)

    async def first_of(self, line: Line) -> int | None:
        """Return the number of the oldest message in a line of a chat."""
        return await oldest(self.link, line.stream, line.subject)

    async def all_empty(self, lines: Sequence[Line]) -> bool:
        """Whether nothing waits in these lines of any chat of the bot."""
        whole = tuple(_of_all_chats(line) for line in lines)
        running = self._looks.get(whole)
        if running:
            # It was begun before this was asked: what came in between it may have missed.
            await asyncio.wait({running})
        look = self._looks.get(whole)
        if look is None or look is running:
            look = self._looks[whole] = asyncio.create_task(self._look(whole))
        return await asyncio.shield(look)

    async def _look(self, whole: tuple[Line, ...]) -> bool:
        try:
            found = await asyncio.gather(*(self.first_of(line) for line in whole))
            return not any(found)
        finally:
            del self._looks[whole]


def in_turn(queues: Queues) -> Middleware:
    """Raise NotItsTurn for as long as the chat is to be told something else first."""

    async def wait_for_turn(delivery: Delivery, call_next: CallNext) -> None:
        if lines := lines_of(delivery):
            *before, own = lines
            # In its own line it waits for those before it, in the others for all.
            await _nothing_waits(queues, own, below=delivery.sequence)
            if before and not await queues.all_empty(before):
                for line in before:
                    await _nothing_waits(queues, line)
        await call_next(delivery)

    return wait_for_turn


async def _nothing_waits(queues: Queues, line: Line, below: int | None = None) -> None:
    first = await queues.first_of(line)
    if first is not None and (below is None or first < below):
        raise NotItsTurn(f"{line.stream} {first} comes first")


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


def _of_all_chats(line: Line) -> Line:
    *place, _ = line.subject.split(".")
    return Line(line.stream, ".".join([*place, "*"]))


def _late(bot: str, chat: str) -> Line:
    return Line("LATE", f"late.*.*.{bot}.{chat}")
