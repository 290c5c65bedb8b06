"""Tells a chat once what it is to be told; a notice may change or take back what it was told."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, Counter

from contracts.notices import EndResult, Urgency
from contracts.people import ChangeReachability
from contracts.screens import Screen
from observability.exemplars import exemplar
from observability.handling import bind
from services.told import Shown, Told
from telegram_api import show
from telegram_api.calling import patience, urgent_as
from telegram_api.client import Bots
from telegram_api.errors import Blocked, TelegramAway

PATIENCE = 2.0
"""Seconds for a turn in Telegram's limits; who has to wait longer leaves their place to others."""

Result = Literal[
    "told",
    "told before",
    "overtaken",
    "too late",
    "unreachable",
    "deactivated",
    "refused",
    "fate unknown",
]

END_RESULTS: dict[Result, EndResult] = {
    "told": "told",
    "told before": "told",
    "overtaken": "told",
    "too late": "too_late",
    "unreachable": "blocked",
    "deactivated": "deactivated",
    "refused": "refused",
    "fate unknown": "fate_unknown",
}
"""Results by what whoever asked for a receipt is told."""


class Place(NamedTuple):
    """A chat of a bot, and the message there that is to be replaced, 0 for none."""

    app: str
    chat_id: int
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be told, with the mark by which each version of it is told once.

    Without a screen it is withdrawn. `must_end` is for what somebody hears the end of: Telegram's
    refusal is one then, and no mistake of ours to be looked into.
    """

    place: Place
    screen: Screen | None
    mark: str
    urgency: Urgency = "answer"
    version: int = 0
    must_end: bool = False


class Ending(NamedTuple):
    """How a telling ended, and the message that shows it, 0 for none or one that is not known."""

    result: Result
    message_id: int = 0
    reason: str = ""
    """What Telegram said of what it did not take."""

    @property
    def learned(self) -> ChangeReachability | None:
        """What it says of the person."""
        if self.result == "unreachable":
            return ChangeReachability(blocked=True, reason="blocked")
        if self.result == "deactivated":
            return ChangeReachability(blocked=True, reason="deactivated")
        return None


class Refused(Exception):
    """Telegram does not take what is to be shown, or does not let it be changed any more."""


@dataclass(slots=True)
class Teller:
    """Tells it by Telegram and counts how that ended."""

    bots: Bots
    told: Told
    registry: CollectorRegistry
    _ends: Counter = field(init=False)

    def __post_init__(self) -> None:
        self._ends = Counter(
            "notifier_tellings_total",
            "What chats were to be told unasked, by how that ended",
            ("urgency", "result"),
            registry=self.registry,
        )

    async def tell(self, telling: Telling) -> Ending:
        """Tell it unless the bot or another copy has.

        Raises NotYet while somebody else is telling it, Held and TelegramAway as Telegram does.
        """
        ending = await self._tell(telling)
        self._ended(telling.urgency, ending.result)
        return ending

    async def too_late(self, telling: Telling) -> Ending:
        """End what is not to be told any more; it may have been told before."""
        before = await self.told.shown(telling.mark)
        if before and before.version >= telling.version:
            ending = _told_before(telling, before)
        else:
            ending = Ending("too late")
        self._ended(telling.urgency, ending.result)
        return ending

    def pass_over(self, urgency: Urgency) -> None:
        """End a version of a message that a newer one overtakes."""
        self._ended(urgency, "overtaken")

    def _ended(self, urgency: Urgency, result: Result) -> None:
        """Count it, and have the line of the message say it."""
        self._ends.labels(urgency, result).inc(1, exemplar())
        bind(urgency=urgency, told=result)

    async def _tell(self, telling: Telling) -> Ending:
        try:
            async with self.told.showing(telling.mark, telling.version) as showing:
                if not showing.mine:
                    return _told_before(telling, showing.before or Shown())
                # Marked after it was sent: a crash in between may show it twice, never not at all.
                ending = await self._show(telling, showing.before)
                showing.message_id = ending.message_id
                return ending
        except Blocked as blocked:
            gone = blocked.deactivated
            return Ending("deactivated" if gone else "unreachable", reason=blocked.message)
        except Refused as refused:
            return Ending("refused", reason=str(refused))
        except show.NOT_TAKEN as refused:
            if not telling.must_end:
                raise
            return Ending("refused", reason=str(refused))

    async def _show(self, telling: Telling, before: Shown | None) -> Ending:
        try:
            with patience(PATIENCE), urgent_as(telling.urgency):
                return Ending("told", await self._put(telling, before))
        except TelegramAway as away:
            # It may be in the chat. Twice is better than never, but for what many are told.
            if away.fate_unknown and telling.urgency == "bulk":
                return Ending("fate unknown")
            raise

    async def _put(self, telling: Telling, before: Shown | None) -> int:
        """Return the message that shows it now, 0 for none."""
        app, chat_id, message_id = telling.place
        bot, screen = self.bots[app], telling.screen
        if before:
            message_id = before.message_id or message_id
        if screen is None:
            if message_id and not await show.withdraw(bot, chat_id, message_id):
                raise Refused("message can't be deleted")
            return 0
        if message_id and not telling.version:
            return await show.edit(bot, chat_id, message_id, screen)
        if message_id and await show.revise(bot, chat_id, message_id, screen):
            return message_id
        # What many are told nobody is told twice, also who has deleted it.
        if (message_id or before) and telling.urgency == "bulk":
            raise Refused("message can't be edited")
        return await show.send(bot, chat_id, screen)


def _told_before(telling: Telling, before: Shown) -> Ending:
    """Say again how it ended; of what many are told a mark without a message is no certainty."""
    if telling.screen and telling.urgency == "bulk" and not before.message_id:
        return Ending("fate unknown")
    return Ending("told before", before.message_id)
