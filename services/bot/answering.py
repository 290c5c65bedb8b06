"""What one update's handling says in its chat: each thing once, in order, and without waiting long.

What Telegram does not take in time is handed over to the notifier, as a notice; until that is
shown, all that the chat is told goes the same way, so that nothing overtakes it.
"""

import asyncio
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import structlog
from aiogram import Bot

from bus import Envelope
from bus.delivery import Delivery
from bus.encoding import encode
from bus.errors import NotPublished, Overloaded, in_short
from bus.publisher import Publisher
from contracts.notices import Notice, subject_of_notice
from contracts.screens import Media, Screen
from services.bot.in_flight import InFlight
from services.bot.sent import Record, Sent, digest_of, handed_key, notice_key
from services.told import notice_mark
from telegram_api import show
from telegram_api.calling import patience
from telegram_api.errors import TelegramAway

log = structlog.get_logger()

T = TypeVar("T")

PATIENCE = 0.6
"""Seconds that an answer waits for its turn, or for Telegram to work again.

Less than a chat's turns are apart, or whoever sends without pause would have others of the
partition wait through the whole queue; enough for a second attempt.
"""
AT_LEAST = 0.25
"""Seconds for a call of a healthy Telegram, also when the handling's time is over.

A call that is still under way then goes on by itself.
"""
PUBLISH_DEADLINE = 5.0


@dataclass(slots=True)
class Answering:
    """Sends for one handling of an update; `until` is when its time is over (monotonic)."""

    bot: Bot
    delivery: Delivery
    """The update in hand: whoever has lost it to another copy says nothing more."""
    app: str
    cause: Envelope
    sent: Sent
    publisher: Publisher
    in_flight: InFlight
    until: float
    handed_over: bool
    """Whether something this chat was to be told before is still on its way."""
    chat_id: int
    _places: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    def skip(self) -> None:
        """Leave out a place: what stands there is told by somebody else."""
        next(self._places)

    async def send(self, screen: Screen, place: str = "", *, instead: Screen | None = None) -> int:
        """Send a screen and return the message's id, 0 where it is not known yet.

        One that no stream may keep is handed over as another, `instead` of it. Raises Blocked,
        WrongFileId when Telegram has forgotten the screen's file, and Forfeited.
        """
        return await self._say(screen, 0, place or str(next(self._places)), instead)

    async def put(self, message_id: int, screen: Screen, *, instead: Screen | None = None) -> int:
        """Put a screen in the place of a message; returns the id of the one that shows it."""
        return await self._say(screen, message_id, str(next(self._places)), instead)

    async def send_album(self, files: Sequence[Media]) -> None:
        """Send 2 to 10 files of one kind as an album; raises as `send` does."""
        self.delivery.check_is_ours()
        place, record = str(next(self._places)), Record(digest_of(files))
        if self.sent.records.get(place) == record:
            return
        # A notice has one file: handed over, they come one by one.
        singles = {f"{place}-{n}": Screen(text="", media=file) for n, file in enumerate(files, 1)}
        # Once handed over, it stays so: whatever the notifier has shown, it knows.
        was_handed_over = f"{place}-1" in self.sent.records
        keys = [self._key(at, digest_of(screen)) for at, screen in singles.items()]
        if not was_handed_over and await self._in_time(self._send_album(files), keys):
            await self.sent.add(place, record)
            return
        for at, screen in singles.items():
            await self._hand_over(at, Record(digest_of(screen)), screen)

    async def answer(self, press_id: str, text: str, *, alert: bool) -> None:
        """Answer a pressed button; that is lost where Telegram does not take it in time."""
        self.delivery.check_is_ours()
        try:
            async with asyncio.timeout(self._left()):
                with patience(PATIENCE):
                    await show.answer(self.bot, press_id, text, alert=alert)
        except (TelegramAway, TimeoutError) as away:
            # Repeating all that was shown for the sake of a toast would be the worse answer.
            log.warning("toast.lost", app=self.app, press=press_id, error=in_short(away))

    async def _say(
        self, screen: Screen, message_id: int, place: str, instead: Screen | None
    ) -> int:
        self.delivery.check_is_ours()
        handed = instead or screen
        record = Record(digest_of(screen, message_id))
        before = self.sent.records.get(place)
        if before and before.digest == record.digest:
            if before.handed_over:
                # Whether it was published before all ended is not known; it is shown once.
                await self._hand_over(place, record, handed, message_id)
            return before.message_id
        if before and before.message_id:
            # It came out otherwise this time: what was said then is corrected.
            message_id = before.message_id
        call = self._show(screen, message_id)
        shown = await self._in_time(call, [self._key(place, record.digest)])
        if shown is None:
            return await self._hand_over(place, record, handed, message_id)
        done = Record(record.digest, shown)
        if shown == message_id:
            self.sent.know(place, done)  # an edit: it may be repeated as it is
        else:
            await self.sent.add(place, done)
        return shown

    async def _show(self, screen: Screen, message_id: int) -> int:
        if message_id:
            return await show.edit(self.bot, self.chat_id, message_id, screen)
        return await show.send(self.bot, self.chat_id, screen)

    async def _send_album(self, files: Sequence[Media]) -> bool:
        await show.send_album(self.bot, self.chat_id, files)
        return True

    async def _in_time(self, call: Coroutine[Any, Any, T], keys: Sequence[str]) -> T | None:
        """Return what a call of Telegram returns, None where it has to be handed over.

        One that is still under way then goes on, and claims what is handed over under `keys`.
        """
        if self.handed_over:
            call.close()
            return None
        calling = asyncio.create_task(self._patiently(call))
        try:
            await asyncio.wait({calling}, timeout=self._left())
        except asyncio.CancelledError:
            calling.cancel()
            raise
        if not calling.done():
            log.warning("answer.delayed", app=self.app, error="no answer yet")
            await self.in_flight.keep(
                calling, [notice_mark(self.app, self.chat_id, key) for key in keys]
            )
            return None
        try:
            return calling.result()
        except TelegramAway as away:
            # Also of a send whose fate is unknown: said twice is better than not at all.
            log.warning("answer.delayed", app=self.app, error=in_short(away))
            return None

    async def _patiently(self, call: Coroutine[Any, Any, T]) -> T:
        with patience(PATIENCE):
            return await call

    def _key(self, place: str, digest: str) -> str:
        return notice_key(self.sent.cause, place, Record(digest))

    async def _hand_over(
        self, place: str, record: Record, screen: Screen, message_id: int = 0
    ) -> int:
        """Leave it to the notifier; returns the id of the message it is put in the place of.

        Raises NotPublished, also while there is no room: then the update is kept in hand.
        """
        self.delivery.check_is_ours()
        self.handed_over = True
        known_id = 0 if screen.media else message_id
        on_its_way = Record(record.digest, known_id, handed_over=True)
        # Written before it is published: what comes after a crash in between publishes it again.
        await self.sent.add(place, on_its_way, handed_key(self.app, self.chat_id))
        notice = Notice(
            app=self.app,
            chat_id=self.chat_id,
            screen=screen,
            key=notice_key(self.sent.cause, place, on_its_way),
            message_id=message_id,
        )
        try:
            await self.publisher.publish(
                subject_of_notice(notice),
                encode(notice),
                self.cause.caused(notice.key).headers(),
                deduplicate=notice.key,
                deadline=PUBLISH_DEADLINE,
            )
        except Overloaded as full:
            # Overloaded says of a command that nothing comes of it; an answer waits for room.
            raise NotPublished(f"no room for an answer: {full}") from full
        log.info("answer.handed_over", app=self.app, key=notice.key)
        return known_id

    def _left(self) -> float:
        return max(self.until - time.monotonic(), AT_LEAST)
