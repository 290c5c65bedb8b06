"""Runs the variants of a benchmark in turn, again and again, in the other order each time."""

import importlib.util
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.harness.description import Benchmark, NotHere, Place, Variant
from benchmarks.harness.load import Figures
from benchmarks.harness.machine import machine, versions
from benchmarks.harness.processes import Failed, run_once
from benchmarks.harness.record import Made, Record, RecordedVariant
from bus.errors import BusError
from switchboard.errors import Trouble

SECONDS = 300.0
"""After so many no further repetition of a benchmark begins."""

Tell = Callable[[str], None]
"""Says how far it is, in a line."""


async def measure(
    benchmark: Benchmark, *, quick: bool, tell: Tell, seconds: float = SECONDS
) -> Record:
    """Run it; whatever cannot be measured has its reason in the record."""
    about, absent = machine(), _uninstalled(benchmark)
    wanted = [each for each in benchmark.variants if each.is_quick or not quick]
    absent |= {each.name: "not in QUICK" for each in benchmark.variants if each not in wanted}
    levels = [level.shorter() if quick else level for level in benchmark.levels]
    times = benchmark.quick_repetitions if quick else benchmark.repetitions
    began, repetitions = time.monotonic(), list[dict[str, Figures]]()
    with tempfile.TemporaryDirectory(prefix="switchboard-benchmark-") as directory:
        async with AsyncExitStack() as stack:
            places = await _open(benchmark, Path(directory), stack, absent)
            for number in range(times):
                if time.monotonic() - began > seconds:
                    tell(f"{benchmark.name}: time is over after {number} repetitions")
                    break
                found: dict[str, Figures] = {}
                for variant in wanted if number % 2 == 0 else reversed(wanted):
                    if variant.name in absent:
                        continue
                    tell(f"{benchmark.name} {number + 1}/{times}: {variant.name}")
                    try:
                        found[variant.name] = await run_once(
                            variant,
                            places[variant.place],
                            levels,
                            Path(directory),
                            warm=benchmark.warms_up,
                        )
                    except Failed as error:
                        tell(f"{variant.name}: {error}")
                repetitions.append(found)
    measured = {name for found in repetitions for name in found}
    for variant in wanted:
        if variant.name not in measured:
            absent.setdefault(variant.name, "failed")
    return _record(benchmark, repetitions, absent, Made(about, versions(), quick))


def _record(
    benchmark: Benchmark,
    repetitions: list[dict[str, Figures]],
    absent: Mapping[str, str],
    made: Made,
) -> Record:
    return Record(
        name=benchmark.name,
        title=benchmark.title,
        work=benchmark.work,
        variants=[
            RecordedVariant(each.name, each.guarantees, absent.get(each.name, ""), each.against)
            for each in benchmark.variants
        ],
        goals=list(benchmark.goals),
        against=benchmark.against,
        columns=list(benchmark.columns),
        compared=list(benchmark.compared),
        drawn=list(benchmark.drawn),
        made=made,
        repetitions=repetitions,
    )


def _uninstalled(benchmark: Benchmark) -> dict[str, str]:
    return {
        variant.name: f"{name} is not installed"
        for variant in benchmark.variants
        for name in variant.needs
        if importlib.util.find_spec(name) is None
    }


async def _open(
    benchmark: Benchmark, directory: Path, stack: AsyncExitStack, absent: dict[str, str]
) -> dict[str, Place]:
    """Start the servers that a variant needs; note in `absent` whose cannot be had."""
    places: dict[str, Place] = {}
    for name, opening in benchmark.places.items():
        whose = _of_place(benchmark, name, absent)
        if not whose:
            continue
        folder = directory / name
        folder.mkdir()
        try:
            places[name] = await stack.enter_async_context(opening(folder))
        except (NotHere, Trouble, BusError) as why:
            absent.update(dict.fromkeys(whose, str(why)))
    return places


def _of_place(benchmark: Benchmark, place: str, absent: Mapping[str, str]) -> list[str]:
    def is_wanted(variant: Variant) -> bool:
        return variant.place == place and variant.name not in absent

    return [variant.name for variant in benchmark.variants if is_wanted(variant)]
