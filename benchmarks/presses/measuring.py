"""One stack under the three kinds of load, with the processor time that a press takes."""

import asyncio
import os
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.presses.load import Taken, at_rest, saturated, settle, steady
from benchmarks.presses.people import FIRST_PERSON, Person
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import Telegram

PEOPLE = 64
"""Who press; at saturation all of them at once."""
IDLE = 5.0
SETTLED = 2.0
"""Seconds in which what presses caused is done, and counts as theirs."""


@dataclass(frozen=True)
class Plan:
    """How much is pressed: times at rest, seconds by presses a second, seconds at saturation."""

    rest: int = 210
    rates: Mapping[float, float] = field(default_factory=lambda: {10: 15.0, 50: 15.0, 100: 15.0})
    saturation: float = 15.0


async def measure(stack: Stack, telegram: Telegram, plan: Plan) -> dict[str, Any]:
    """Return all figures of one bot, milliseconds and presses a second."""
    telegram.lead_to(stack.doors)
    people = [Person(telegram, FIRST_PERSON + number) for number in range(PEOPLE)]
    await settle(people)
    await asyncio.sleep(SETTLED)
    idle = await _idleness(stack)
    measured = Measured(stack, idle)
    found: dict[str, Any] = {"idle_cpu": idle, "resident": stack.resident()}
    found["at rest"] = await measured.of(at_rest(people[0], plan.rest))
    for rate, seconds in plan.rates.items():
        found[f"{rate:g} a second"] = await measured.of(steady(people, rate, seconds))
    found["saturated"] = await measured.of(saturated(people, plan.saturation))
    return found


async def _idleness(stack: Stack) -> dict[str, float]:
    """Return the share of a core that each process uses while nobody does anything."""
    before = stack.cpu_seconds()
    await asyncio.sleep(IDLE)
    return {name: (used - before[name]) / IDLE for name, used in stack.cpu_seconds().items()}


@dataclass
class Measured:
    """Adds to what presses took the processor time that was theirs."""

    stack: Stack
    idle: Mapping[str, float]

    async def of(self, pressing: Awaitable[Taken]) -> dict[str, Any]:
        """Press; return the figures, with milliseconds of a processor a press by process."""
        before, began = self.stack.cpu_seconds(), asyncio.get_running_loop().time()
        taken = await pressing
        await asyncio.sleep(SETTLED)
        seconds = asyncio.get_running_loop().time() - began
        used = {
            name: 1000 * (now - before[name] - self.idle[name] * seconds) / len(taken.all)
            for name, now in self.stack.cpu_seconds().items()
        }
        return {
            **taken.figures(),
            "load": os.getloadavg()[0],
            "cpu_ms": sum(used.values()),
            "cpu_ms_by_process": used,
            "failures": taken.failed[:3],
        }
