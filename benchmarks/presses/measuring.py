"""One stack under the three kinds of load, with the processor time that a press takes."""

import asyncio
import os
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.harness.description import Level
from benchmarks.harness.load import Figures
from benchmarks.presses.counting import count
from benchmarks.presses.load import Taken, at_rest, saturated, settle, steady
from benchmarks.presses.people import FIRST_PERSON, Person
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import Telegram

REST, SATURATED = "at rest", "saturated"
PEOPLE = 32
"""Who press; at saturation all of them at once, four for each partition."""
SHORTEST = 4.5
"""Seconds; a load that is kept up for less says nothing, and is left out."""
SETTLED = 1.5
"""Seconds in which what presses caused is done, and counts as theirs."""


def at_rate(presses: int, seconds: float) -> Level:
    """Return the level of so many presses a second, whatever the answers take."""
    return Level(f"at {presses}", presses, 0, seconds)


LEVELS = (
    Level(REST, 1, 140, 9.0),
    at_rate(10, 8.0),
    at_rate(50, 12.0),
    at_rate(100, 8.0),
    Level(SATURATED, PEOPLE, 0, 10.0),
)


@dataclass
class Measured:
    """Presses on a stack, and the processor time that was theirs."""

    stack: Stack
    telegram: Telegram
    people: list[Person] = field(default_factory=list)
    idle: Mapping[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    async def begin(self, idle_seconds: float) -> Figures:
        """Have people there; return the share of a core that all use while nobody presses."""
        self.telegram.lead_to(self.stack.doors)
        self.people = [Person(self.telegram, FIRST_PERSON + number) for number in range(PEOPLE)]
        await settle(self.people)
        await asyncio.sleep(SETTLED)
        before = self.stack.cpu_seconds()
        await asyncio.sleep(idle_seconds)
        used = self.stack.cpu_seconds()
        self.idle = {name: (used[name] - before[name]) / idle_seconds for name in used}
        resident = self.stack.resident()
        memory = {f"MiB {name}": mebibytes for name, mebibytes in resident.items()}
        return {"idle cpu": sum(self.idle.values()), "MiB": sum(resident.values()), **memory}

    async def at(self, level: Level) -> Figures:
        """Press; return milliseconds, presses a second, and milliseconds of a processor each."""
        before, began = self.stack.cpu_seconds(), asyncio.get_running_loop().time()
        taken = await self._press(level)
        await asyncio.sleep(SETTLED)
        seconds = asyncio.get_running_loop().time() - began
        presses = max(len(taken.all), 1)
        used = {
            f"cpu {name}": 1000 * (now - before[name] - self.idle[name] * seconds) / presses
            for name, now in self.stack.cpu_seconds().items()
        }
        self.failures += taken.failed
        figures = {**taken.figures(), "cpu": sum(used.values()), "load": os.getloadavg()[0], **used}
        return {f"{level.name} {name}": value for name, value in figures.items()}

    def _press(self, level: Level) -> Awaitable[Taken]:
        if level.name == REST:
            return at_rest(self.people[0], level.count)
        if level.name == SATURATED:
            return saturated(self.people, level.seconds)
        return steady(self.people, level.at_once, level.seconds)


async def measure(stack: Stack, telegram: Telegram, levels: Sequence[Level]) -> Figures:
    """Return all figures of one bot.

    `steepness` is what a press costs at the highest rate, of what it costs at the lowest.
    """
    measured = Measured(stack, telegram)
    levels = [level for level in levels if level.seconds >= SHORTEST]
    found = await measured.begin(levels[0].seconds / 2)
    counted = await count(stack.environment) if stack.tells else {}
    for level in levels:
        found |= await measured.at(level)
    presses = sum(found[f"{level.name} presses"] for level in levels)
    now = await count(stack.environment) if stack.tells else {}
    found |= {f"{name} a press": (now[name] - counted[name]) / presses for name in now}
    rates = [level.name for level in levels if level.name not in {REST, SATURATED}]
    if len(rates) > 1:
        found["steepness"] = found[f"{rates[-1]} cpu"] / found[f"{rates[0]} cpu"]
    return found
