"""Mailings are asked for as programs do it, and held up or stopped in between, under faults."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nats.errors import Error as NatsError

from bus import Actor, Envelope
from bus.encoding import encode
from contracts.base import Command, Language, subject_of
from contracts.broadcasts import (
    Audience,
    CancelMailing,
    Content,
    PauseMailing,
    RequestMailing,
    ResumeMailing,
)
from tests.faults.crowd import BOT, HUSH, SPEAK, Crowd
from tests.faults.installation import DATABASE_AWAY
from tests.faults.ledger import MAILING

AUTHOR = 1001
"""Anna, whom the settings of a local installation make an administrator."""
APP = "broadcasts"
TIMES_SAID = 2
"""How often everything is said, under its id: it happens once."""
AGAIN_AFTER = 0.3
LOOK_EVERY = 0.2
HELD_FOR = 3.0
"""Seconds for which a mailing is paused."""
PATIENCE = 240.0
"""Seconds until it is given up that something comes of what was asked for."""

Fate = Literal["everybody", "paused", "cancelled"]
"""Sent without interruption; paused and gone on with; stopped for good."""
READERS: dict[Fate, Language] = {"everybody": "en", "paused": "ru", "cancelled": "ru"}

_STATE = "SELECT id, state, done, on_their_way FROM mailings WHERE title = $1"
_WAITING = """
SELECT person_id FROM mailing_recipients WHERE mailing_id = $1 AND state = 'waiting'
"""
_LET_GO = """
UPDATE mailing_recipients SET due_at = now() WHERE mailing_id = $1 AND state = 'waiting'
"""
_UNDER_WAY = "SELECT count(*) FROM mailings WHERE state = 'running' AND on_their_way > 0"
_BEGUN = "SELECT count(*) FROM mailings"
_UNFINISHED = """
SELECT count(*) FROM mailings WHERE state IN ('running', 'paused') OR on_their_way > 0
"""


@dataclass(eq=False)
class Sending:
    """A mailing of the run; times are seconds since the epoch."""

    number: int
    fate: Fate
    waiting: frozenset[int] = frozenset()
    """Who had to wait while it was paused."""
    resumed_at: float = 0.0

    @property
    def text(self) -> str:
        """What its recipients see."""
        return f"{MAILING}{self.number}"


@dataclass(eq=False)
class Mailings:
    """All mailings of a run."""

    crowd: Crowd
    first_held: Fate
    """What becomes of the first mailing that does not go to everybody."""
    sent: list[Sending] = field(default_factory=list)
    _holding: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def keep_sending(self, moments: Sequence[float]) -> None:
        """Begin mailings at these moments, in seconds from now; then wait for ever."""
        began = time.monotonic()
        for moment in moments:
            await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
            self.begin()
        await asyncio.Event().wait()

    def begin(self) -> None:
        """Have a mailing sent to all who read English, and unless one is, another held up."""
        if not self._holding.locked():
            held = sum(each.fate != "everybody" for each in self.sent)
            other: Fate = "cancelled" if self.first_held == "paused" else "paused"
            self._begin(self.first_held if held % 2 == 0 else other)
        self._begin("everybody")

    def _begin(self, fate: Fate) -> None:
        sending = Sending(len(self.sent) + 1, fate)
        self.sent.append(sending)
        self._tasks.append(asyncio.create_task(self._see_through(sending)))

    async def until_under_way(self, within: float) -> bool:
        """Wait until a mailing is on its way to somebody; begins another where none is."""
        until = time.time() + within
        while time.time() < until:
            if await self._count(_UNDER_WAY):
                return True
            is_asked_for = await self._count(_BEGUN) < len(self.sent)
            if not is_asked_for and not await self._count(_UNFINISHED):
                self.begin()
            await asyncio.sleep(LOOK_EVERY)
        return False

    async def all_asked_for(self) -> None:
        """Wait until everything that was to be said of mailings is said; raises TimeoutError."""
        await asyncio.gather(*self._tasks)

    async def unfinished(self) -> int:
        """Return how many mailings are still under way."""
        return await self._count(_UNFINISHED)

    async def _see_through(self, sending: Sending) -> None:
        async with asyncio.timeout(PATIENCE):
            if sending.fate == "everybody":
                await self._request(sending)
                await self._until(sending, "running", "finished")
                await self.crowd.block()
                return
            async with self._holding:
                await self._ask(HUSH, self.crowd.hushed)
                await self._request(sending)
                await (self._pause(sending) if sending.fate == "paused" else self._cancel(sending))

    async def _request(self, sending: Sending) -> None:
        audience = Audience(apps=(BOT,), category="news", languages=(READERS[sending.fate],))
        request = RequestMailing(content=Content(text=sending.text), audience=audience)
        await self._say(request, sending)

    async def _pause(self, sending: Sending) -> None:
        """Those with quiet hours wait; these are over while it is paused."""
        mailing_id = (await self._until(sending, "running", done=1))["id"]
        await self._say(PauseMailing(mailing_id=mailing_id), sending)
        await self._until(sending, "paused")
        await self._ask(SPEAK, self.crowd.hushed)
        await self._ask(_LET_GO, mailing_id)
        rows = await self._ask(_WAITING, mailing_id)
        sending.waiting = frozenset(row["person_id"] for row in rows)
        await asyncio.sleep(HELD_FOR)
        sending.resumed_at = time.time()
        await self._say(ResumeMailing(mailing_id=mailing_id), sending)
        await self._until(sending, "running", "finished")

    async def _cancel(self, sending: Sending) -> None:
        mailing_id = (await self._until(sending, "running", done=1))["id"]
        await self._say(CancelMailing(mailing_id=mailing_id), sending)
        await self._until(sending, "cancelled")

    async def _until(self, sending: Sending, *states: str, done: int = 0) -> Any:
        while True:
            rows = await self._ask(_STATE, sending.text)
            if rows and rows[0]["state"] in states and rows[0]["done"] >= done:
                return rows[0]
            await asyncio.sleep(LOOK_EVERY)

    async def _say(self, command: Command[Any], sending: Sending) -> None:
        message_id = f"{type(command).__name__}-{sending.number}"
        actor = Actor(AUTHOR, APP)
        headers = Envelope(message_id=message_id, actor=actor, chat=AUTHOR).headers()
        times = 0
        while times < TIMES_SAID:
            try:
                async with self.crowd.installation.operator() as bus:
                    await bus.publish(
                        subject_of(type(command)), encode(command), headers=dict(headers), timeout=2
                    )
                    times += 1
            except (NatsError, TimeoutError, OSError):
                await asyncio.sleep(AGAIN_AFTER)

    async def _count(self, question: str) -> int:
        return int((await self._ask(question))[0][0])

    async def _ask(self, question: str, *values: Any) -> list[Any]:
        """Ask the database until it answers."""
        while True:
            try:
                async with self.crowd.installation.database() as database:
                    return list(await database.fetch(question, *values))
            except DATABASE_AWAY:
                await asyncio.sleep(AGAIN_AFTER)
