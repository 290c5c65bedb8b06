"""Whether memory stays flat: people press for an hour, and each service is looked at meanwhile.

    .venv/bin/python -m benchmarks.endurance --minutes 60 --per-second 5

It writes docs/performance/endurance.json, with every sample in a file beside it, and a chart.
"""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import click
import psutil

from benchmarks.endurance_drawn import draw_lives
from benchmarks.harness import tables
from benchmarks.harness.child import Given, run_fast
from benchmarks.harness.description import Column, Goal
from benchmarks.harness.machine import machine, versions
from benchmarks.harness.processes import ROOT
from benchmarks.harness.record import Made, Record, RecordedVariant, write
from benchmarks.presses.load import settle, steady
from benchmarks.presses.people import FIRST_PERSON, Person
from benchmarks.presses.roles import pressing_ours
from benchmarks.presses.stack import Stack
from tests.faults.flatness import EVERY, MIB, Lives

PEOPLE = 64
SLICE = 30.0
"""Seconds of pressing, after which what failed is told."""
WARM_UP = 1 / 6
"""The share of the run in which caches fill, and which no slope counts."""
MIB_AN_HOUR = 6.0
"""By which a service may grow: at this pace it takes a week to a GiB, and is deployed meanwhile."""
ALL = "all services together"


@click.command()
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--per-second", default=5.0, show_default=True)
@click.option("--directory", type=click.Path(path_type=Path), default=ROOT / "docs" / "performance")
def main(minutes: float, per_second: float, directory: Path) -> None:
    """Press, sample, judge."""
    (directory / "endurance").mkdir(parents=True, exist_ok=True)
    run_fast(_run(minutes, per_second, directory))


async def _run(minutes: float, per_second: float, directory: Path) -> None:
    about, lives = machine(), Lives()
    async with pressing_ours(Given({}, {})) as pressing:
        people = [Person(pressing.telegram, FIRST_PERSON + n) for n in range(PEOPLE)]
        pressing.telegram.lead_to(pressing.stack.doors)
        await settle(people)
        began = time.monotonic()
        async with _watching(pressing.stack, lives):
            presses, failed = await _press(people, per_second, minutes * 60)
        hours = (time.monotonic() - began) / 3600
    record = _record(lives, hours, about, {"presses": presses, "failed": failed})
    write(record, directory)
    lives.write(directory / "endurance" / "samples.json")
    draw_lives(lives, directory / "endurance.png")
    click.echo(f"{tables.figures(record)}\n\n{tables.goals([record])}")
    for problem in lives.problems():
        click.echo(f"not flat: {problem}")


async def _press(people: Sequence[Person], per_second: float, seconds: float) -> tuple[int, int]:
    presses = failed = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        taken = await steady(people, per_second, min(SLICE, seconds))
        presses, failed = presses + len(taken.all), failed + len(taken.failed)
        click.echo(f"{presses} presses, {failed} failed {taken.failed[:1]}", err=True)
    return presses, failed


@asynccontextmanager
async def _watching(stack: Stack, lives: Lives) -> AsyncIterator[None]:
    """Take samples of all processes until the block ends."""
    watched = {**stack.services, **stack.servers}

    async def watch() -> None:
        while True:
            for name, process in watched.items():
                with suppress(psutil.Error):
                    sample = (process.memory_info().rss, process.num_fds())
                    lives.samples[name, process.pid].append(sample)
            await asyncio.sleep(EVERY)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


def slope(samples: Sequence[tuple[int, int]], hours: float) -> float:
    """Return by how many MiB an hour the memory of a life grows, after its warm-up."""
    later = samples[round(len(samples) * WARM_UP) :]
    if len(later) < 2:
        return 0.0
    times = [hours * number / len(samples) for number in range(len(later))]
    return statistics.linear_regression(times, [memory / MIB for memory, _ in later]).slope


def _figures(lives: Lives, hours: float) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (name, _), samples in lives.samples.items():
        found[name] = {
            "first": samples[0][0] / MIB,
            "last": samples[-1][0] / MIB,
            "highest": max(memory for memory, _ in samples) / MIB,
            "slope": slope(samples, hours),
            "descriptors": samples[-1][1],
        }
    return found


def _record(
    lives: Lives, hours: float, about: dict[str, str], pressed: Mapping[str, float]
) -> Record:
    found = _figures(lives, hours)
    ours = [name for name in found if "-" in name]
    summed: defaultdict[str, float] = defaultdict(float)
    for name in ours:
        for figure, value in found[name].items():
            summed[figure] += value
    goals = [
        Goal(name=f"MiB an hour, {name}", figure="slope", of=name, sense="at most",
             bound=MIB_AN_HOUR)
        for name in ours
    ]  # fmt: skip
    minutes = hours * 60
    return Record(
        name="endurance",
        title="Memory under a long load",
        work=(
            f"{pressed['presses']:.0f} presses in {minutes:.0f} minutes, {pressed['failed']:.0f} of"
            f" them not answered; the slope is that after the first {minutes * WARM_UP:.0f}"
            " minutes. Servers keep what people send, and are not judged."
        ),
        variants=[RecordedVariant(name, "") for name in [*found, ALL]],
        goals=goals,
        against="",
        columns=[
            Column("first", "MiB at first", 1),
            Column("last", "at last", 1),
            Column("highest", "highest", 1),
            Column("slope", "MiB an hour", 2),
            Column("descriptors", "descriptors at last"),
        ],
        compared=[],
        drawn=[],
        made=Made(about, versions(), False),
        repetitions=[{**found, ALL: dict(summed)}],
    )


if __name__ == "__main__":
    main()
