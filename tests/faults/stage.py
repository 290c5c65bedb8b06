"""Who acts in a run, and what is brought about in its database while it lasts."""

import asyncio
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.faults.acts import Life
from tests.faults.agenda import Agenda
from tests.faults.crowd import Crowd
from tests.faults.effects import watch_tables
from tests.faults.hands import Hands
from tests.faults.injuries import Injuries
from tests.faults.installation import DATABASE_AWAY, FEW, Installation
from tests.faults.ledger import Ledger
from tests.faults.mailings import APP, AUTHOR, Fate, Mailings
from tests.faults.person import Person
from tests.faults.poison import Poisoner
from tests.faults.reminders import make_due, make_outdated_due, watch_reminders
from tests.faults.schedule import Fault, Pace, plan

DUE_EVERY = 8.0
MIDDLE_WITHIN = 60.0
"""Seconds that a kill waits for something that it can hit in its middle."""
SHARE_WITH_TASKS = 3
"""Of so many people, one more keeps tasks."""


@dataclass(frozen=True)
class Order:
    """What to run: the seed decides all faults, and what people do as far as they can."""

    seed: int
    seconds: float
    people: int = 20
    pause: tuple[float, float] = (1.0, 3.0)
    pace: Pace = field(default_factory=Pace)
    copies: Mapping[str, int] = field(default_factory=lambda: FEW)
    crowd: tuple[int, int] = (400, 90)
    """Silent people whom mailings reach, by language."""

    @property
    def faults(self) -> list[Fault]:
        """All that will go wrong."""
        return plan(self.seed, self.seconds, self.pace)


@dataclass(eq=False)
class Stage:
    """Everything of a run that is under way."""

    order: Order
    installation: Installation
    http: aiohttp.ClientSession
    ledger: Ledger = field(default_factory=Ledger)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    lives: list[Life | Agenda] = field(default_factory=list)
    hit: list[str] = field(default_factory=list)
    """What was killed in the middle of a mailing and of how many due reminders."""
    missed: list[str] = field(default_factory=list)
    """What was killed and hit nothing in its middle."""
    author: Hands = field(init=False)
    """Who asked for the mailings."""
    mailings: Mailings = field(init=False)
    injuries: Injuries = field(init=False)

    def __post_init__(self) -> None:
        self.author = self._hands(APP, AUTHOR)
        first: Fate = "paused" if self.order.seed % 2 else "cancelled"
        self.mailings = Mailings(Crowd(self.installation, self.http), first)

    @property
    def people(self) -> list[Person]:
        """Everybody who acts."""
        return [life.person for life in self.lives]

    @property
    def hands(self) -> list[Hands]:
        """The hands of everybody who acts, and of whoever looks at mailings."""
        return [*(person.hands for person in self.people), self.author]

    async def set_up(self) -> None:
        """Have everybody be there, and what happens be written down."""
        async with self.installation.database() as database:
            await watch_tables(database)
            await watch_reminders(database)
        for number in range(self.order.people):
            self.lives.append(Life(await self._meet("documents", number)))
        for number in range(-(-self.order.people // SHARE_WITH_TASKS)):
            self.lives.append(Agenda(await self._meet("calendar", self.order.people + number)))
        await self.mailings.crowd.gather(*self.order.crowd)
        victim = await self._meet("documents", -1)
        poisoner = Poisoner(random.Random(self.order.seed), victim.number)
        self.injuries = Injuries(
            self.installation, self.http, self.ledger, poisoner, victim.hands, self.until_middle
        )

    async def _meet(self, app: str, number: int) -> Person:
        """Make somebody new."""
        url = f"{self.installation.telegram_url}/sim/people"
        async with self.http.post(url, json={"first_name": f"Person {number}"}) as response:
            response.raise_for_status()
            hands = self._hands(app, (await response.json())["id"])
        chance = random.Random(f"{self.order.seed} {number}")
        return Person(hands, self.ledger, chance, self.closing, self.order.pause)

    def _hands(self, app: str, person: int) -> Hands:
        return Hands(self.installation, self.http, self.ledger, app, person)

    async def remind(self) -> None:
        """Let planned reminders be due again and again, until it is to become quiet."""
        while not self.closing.is_set():
            await self._make_due(outdated=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(DUE_EVERY):
                    await self.closing.wait()

    async def _make_due(self, *, outdated: bool = False) -> int:
        with suppress(*DATABASE_AWAY):
            async with self.installation.database() as database:
                if outdated:
                    await make_outdated_due(database)
                return await make_due(database)
        return 0

    async def until_middle(self, fault: Fault) -> None:
        """Wait until a mailing is under way and reminders are due, and then a moment."""
        is_under_way = await self.mailings.until_under_way(MIDDLE_WITHIN)
        until = time.monotonic() + MIDDLE_WITHIN
        due = await self._make_due()
        while not due and time.monotonic() < until:
            await asyncio.sleep(0.2)
            due = await self._make_due()
        # The clock looks twice a second: the kill comes before, while or after they are told.
        await asyncio.sleep(fault.number % 8 / 10)
        if is_under_way and due:
            self.hit.append(f"{fault.target} ({due} reminders)")
        else:
            self.missed.append(f"{fault.target} was killed while nothing was to be told")
