"""Three kinds of load: somebody alone, so many presses a second, and as many as are answered."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks.presses.people import ROUND, Person
from benchmarks.presses.telegram import NotShown

AT_REST = 0.03
"""Seconds between the presses of somebody who is alone."""
SETTLING_AT_ONCE = 8


@dataclass
class Taken:
    """How long presses took, in milliseconds by what was pressed."""

    seconds: float = 0.0
    by_kind: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in ROUND})
    failed: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    """By how many milliseconds presses began later than they were to."""

    @property
    def all(self) -> list[float]:
        """The milliseconds of every press, sorted."""
        return sorted(each for kind in self.by_kind.values() for each in kind)

    def of(self, share: float) -> float:
        """Return the milliseconds within which so large a share of all presses was answered."""
        return share_of(self.all, share)

    def figures(self) -> dict[str, float]:
        """Return what is reported."""
        kinds = {f"{kind} p50": share_of(sorted(ms), 0.5) for kind, ms in self.by_kind.items()}
        return {
            "presses": len(self.all),
            "failed": len(self.failed),
            "rate": len(self.all) / self.seconds,
            "p50": self.of(0.5),
            "p99": self.of(0.99),
            "late p99": share_of(sorted(self.late), 0.99),
            **kinds,
        }


def share_of(ordered: Sequence[float], share: float) -> float:
    """Return the value that so large a share of sorted values does not exceed; 0 for none."""
    if len(ordered) < 2:
        return ordered[0] if ordered else 0.0
    return quantiles(ordered, n=1000, method="inclusive")[round(share * 1000) - 1]


async def settle(people: Sequence[Person]) -> None:
    """Give each a type of documents and a first document, and spread them over the round."""
    limit = asyncio.Semaphore(SETTLING_AT_ONCE)

    async def one(person: Person) -> None:
        async with limit:
            await person.settles()
            for _ in range(person.number % len(ROUND)):
                await _note(person, Taken())

    async with asyncio.TaskGroup() as settling:
        for person in people:
            settling.create_task(one(person))


async def at_rest(person: Person, presses: int) -> Taken:
    """Let one person press, with nobody else there."""
    taken = Taken()
    began = time.perf_counter()
    for _ in range(presses):
        await _note(person, taken)
        await asyncio.sleep(AT_REST)
    taken.seconds = time.perf_counter() - began
    return taken


async def steady(people: Sequence[Person], per_second: float, seconds: float) -> Taken:
    """Let people press at a fixed rate, however long the answers take.

    Whoever still waits is passed over; with nobody free a press counts as failed.
    """
    taken, free = Taken(), deque(people)
    began = time.perf_counter()

    async def one(person: Person) -> None:
        await _note(person, taken)
        free.append(person)

    async with asyncio.TaskGroup() as pressing:
        for number in range(int(per_second * seconds)):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            taken.late.append((time.perf_counter() - due) * 1000)
            if free:
                pressing.create_task(one(free.popleft()))
            else:
                taken.failed.append("nobody is free: all wait")
    taken.seconds = time.perf_counter() - began
    return taken


async def saturated(people: Sequence[Person], seconds: float) -> Taken:
    """Let everybody press again as soon as there is an answer."""
    taken = Taken()
    began = time.perf_counter()

    async def one(person: Person) -> None:
        while time.perf_counter() - began < seconds:
            await _note(person, taken)

    async with asyncio.TaskGroup() as pressing:
        for person in people:
            pressing.create_task(one(person))
    taken.seconds = time.perf_counter() - began
    return taken


async def _note(person: Person, taken: Taken) -> None:
    try:
        kind, milliseconds = await person.acts()
    except NotShown as missing:
        taken.failed.append(str(missing))
        person.done = 0  # from the menu again
    else:
        taken.by_kind[kind].append(milliseconds)
