"""One run from beginning to end: start, load, faults, quiet, verdict."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from tests.faults import verdict as judge
from tests.faults.acts import Life, live_all
from tests.faults.doubles import admits_doubles
from tests.faults.effects import make_reminders_due, read_effects, watch_tables
from tests.faults.flatness import Lives
from tests.faults.hands import Hands
from tests.faults.injuries import Injuries
from tests.faults.installation import FEW, Installation, installed
from tests.faults.ledger import Ledger
from tests.faults.log_lines import said
from tests.faults.person import Person
from tests.faults.poison import Poisoner, read_letters
from tests.faults.quiet import Quiet, until_quiet
from tests.faults.report import Outcome
from tests.faults.schedule import Fault, Pace, plan
from tests.faults.verdict import Verdict
from tests.security.leaks import find_leaks, secrets_of_installation, stored

APP = "documents"
WARM_UP = 5.0
"""Seconds of undisturbed chatting before the first fault."""
DUE_EVERY = 8.0
ANSWERS_WITHIN = 60.0
"""Seconds that people who wait for an answer still get once it is quiet."""


@dataclass(frozen=True)
class Order:
    """What to run: the seed decides all faults, and what people do as far as they can."""

    seed: int
    seconds: float
    people: int = 20
    pause: tuple[float, float] = (1.0, 3.0)
    pace: Pace = field(default_factory=Pace)
    copies: Mapping[str, int] = field(default_factory=lambda: FEW)

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
    people: list[Person] = field(default_factory=list)
    due: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def hands(self) -> list[Hands]:
        """The hands of everybody who acts."""
        return [person.hands for person in self.people]

    async def meet(self, name: str) -> Hands:
        """Make somebody new."""
        url = f"{self.installation.telegram_url}/sim/people"
        async with self.http.post(url, json={"first_name": name}) as response:
            response.raise_for_status()
            number = (await response.json())["id"]
        return Hands(self.installation, self.http, self.ledger, APP, number)

    async def remind(self) -> None:
        """Let planned reminders be due again and again."""
        while True:
            await asyncio.sleep(DUE_EVERY)
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                async with self.installation.database() as database:
                    self.due.update(await make_reminders_due(database))


async def run(order: Order, directory: Path) -> Outcome:
    """Run it all in a directory, where the logs stay; raises when the harness itself fails."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        installed(directory, order.copies) as installation,
        aiohttp.ClientSession(connector=connector) as http,
    ):
        stage = Stage(order, installation, http)
        async with installation.database() as database:
            await watch_tables(database)
        for number in range(order.people):
            chance = random.Random(f"{order.seed} {number}")
            hands = await stage.meet(f"Person {number}")
            stage.people.append(Person(hands, stage.ledger, chance, stage.closing, order.pause))
        victim = await stage.meet("Victim")
        poisoner = Poisoner(random.Random(order.seed), victim.person)
        injuries = Injuries(installation, http, stage.ledger, poisoner, victim)
        lives = Lives()
        async with _beside(
            lives.watch(installation), stage.remind(), *(each.follow() for each in stage.hands)
        ):
            quiet, waiting = await _act(stage, injuries)
        return await _judge(stage, injuries, (quiet, waiting), lives)


async def _act(stage: Stage, injuries: Injuries) -> tuple[Quiet, dict[int, tuple[str, int]]]:
    """Let people live under faults, then let it become quiet."""
    living = asyncio.create_task(live_all([Life(person) for person in stage.people]))
    hurting = asyncio.create_task(_hurt(stage, injuries))
    await asyncio.wait([living, hurting], return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        living.result()  # people never end by themselves
    await hurting
    stage.closing.set()
    await stage.installation.until_ready()
    quiet = await until_quiet(stage.installation, stage.hands)
    await asyncio.wait([living], timeout=ANSWERS_WITHIN)
    waiting = {each.number: each.waiting for each in stage.people if each.waiting}
    living.cancel()
    return quiet, waiting


async def _hurt(stage: Stage, injuries: Injuries) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(WARM_UP)
    began = loop.time()
    await injuries.carry_out(stage.order.faults)
    await asyncio.sleep(max(0.0, stage.order.seconds - (loop.time() - began)))


async def _judge(
    stage: Stage,
    injuries: Injuries,
    ended: tuple[Quiet, dict[int, tuple[str, int]]],
    lives: Lives,
) -> Outcome:
    quiet, waiting = ended
    for hands in stage.hands:
        await hands.look(everything=True)
    async with stage.installation.database() as database:
        effects = await read_effects(database)
    async with stage.installation.operator() as bus:
        letters = await read_letters(bus)
    verdict = Verdict()
    judge.judge_deeds(verdict, stage.ledger, effects, injuries.done)
    verdict.add(judge.judge_effects(stage.ledger, effects))
    verdict.add(judge.judge_order(stage.ledger, stage.hands))
    admitting = sum(map(admits_doubles, injuries.done))
    verdict.add(judge.judge_reminders(stage.ledger, stage.due, admitting))
    verdict.add(judge.judge_dead(letters, injuries.poisoner.given))
    verdict.add(judge.judge_answers(waiting, stage.hands))
    toasts_lost = {line["press"] for line in said(stage.installation, "bot", "toast.lost")}
    verdict.add(judge.judge_silences(stage.ledger, stage.hands, toasts_lost))
    verdict.broken += lives.problems()
    verdict.broken += await _leaks(stage.installation)
    if quiet.seconds > quiet.allowed:
        verdict.broken.append(f"not quiet within {quiet.allowed:.0f} s: {quiet.waiting}")
    order = stage.order
    facts = _facts(stage, lives, len(letters))
    lives.write(stage.installation.directory / "lives.json")
    return Outcome(order.seed, order.seconds, stage.ledger, injuries.done, quiet, verdict, facts)


async def _leaks(installation: Installation) -> list[str]:
    place = (installation.directory, installation.servers.environment)
    leaks = find_leaks(secrets_of_installation(*place), await stored(*place))
    return [f"a secret ({leak.secret}) in {leak.place}: {leak.around!r}" for leak in leaks]


def _facts(stage: Stage, lives: Lives, letters: int) -> dict[str, Any]:
    endings = [each for copy in stage.installation.copies.values() for each in copy.endings]
    return {
        "dead letters": letters,
        "ended by themselves": [f"{each.copy}: {each.status}" for each in endings],
        "reminders due": sum(stage.due.values()),
        "went astray": len(stage.ledger.astray),
        "grown by (bytes, descriptors)": lives.growth(),
    }


@asynccontextmanager
async def _beside(*parts: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()  # none of them ends by itself
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
