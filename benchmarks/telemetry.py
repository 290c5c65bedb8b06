"""What telemetry costs: the same presses on installations that say more and more of themselves.

Run it anywhere, it starts servers of its own:  .venv/bin/python -m benchmarks.telemetry [--quick]
Every installation has the same presses in turn, in another order each round, so that whatever else
the machine does meets all of them. Compared is within a round; the figures are medians of rounds.
"""

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import aiohttp
import click

from benchmarks.collector import collecting
from benchmarks.documents import ask, keep_document, make_type
from benchmarks.installation import Installation, installed
from tests.chat import Chat, NotSeen

EXPORT_DELAY = 1000
"""Milliseconds, as in docker-compose.yml."""
SETTLED = 1.5
"""Seconds in which what a block of presses caused is exported, and counts as of that block."""
IDLE = 8.0
METERED, UNMETERED = "services", "benchmarks.unmetered"
NO_SPANS = {"OTEL_SDK_DISABLED": "true"}
SPANS_ONLY = {"OTEL_LOGS_EXPORTER": "none"}


class Variant(NamedTuple):
    """How much is told; each adds to those before it."""

    name: str
    settings: dict[str, str]
    module: str = METERED
    tells: bool = False
    """Whether a collector is named."""
    is_main: bool = True


VARIANTS = (
    Variant("nothing", {**NO_SPANS, "LOG_LEVEL": "ERROR"}, UNMETERED),
    Variant("lines on standard output", NO_SPANS, UNMETERED),
    Variant("and metrics", NO_SPANS, is_main=False),
    Variant("and 1 trace in 100", {**SPANS_ONLY, "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
                                   "OTEL_TRACES_SAMPLER_ARG": "0.01"}, tells=True, is_main=False),
    Variant("and all traces", SPANS_ONLY, tells=True),
    Variant("and lines by OTLP", {}, tells=True),
)  # fmt: skip
ALL, LINES, NOTHING = VARIANTS[-1].name, VARIANTS[1].name, VARIANTS[0].name
TRACES = VARIANTS[4].name


@dataclass
class Block:
    """What some presses took: milliseconds each, and the services' processor time."""

    saves: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    cpu: float = 0.0
    """Milliseconds for one document kept and one question asked, without what idleness takes."""

    def figures(self) -> dict[str, float]:
        """Return what is compared."""
        return {
            "Save": statistics.median(self.saves),
            "My documents": statistics.median(self.questions),
            "processor": self.cpu,
        }


class Load(NamedTuple):
    """How much is done."""

    rounds: int
    presses: int
    """Of each kind, by each person in each round."""
    people: int


@dataclass
class Measured:
    """One installation, those who use it at once, and what was measured so far."""

    variant: Variant
    installation: Installation
    http: aiohttp.ClientSession
    people: list[Chat] = field(default_factory=list)
    idle: float = 0.0
    """Processor seconds a second while nobody does anything."""
    blocks: list[dict[str, float]] = field(default_factory=list)

    async def use(self, times: int) -> Block:
        """Let each keep so many documents and ask as many questions."""
        began, spent, block = time.perf_counter(), self.installation.cpu_seconds(), Block()

        async def does(person: Chat) -> None:
            for _ in range(times):
                block.saves.append(await keep_document(person))
                block.questions.append(await ask(person))

        await asyncio.gather(*map(does, self.people))
        await asyncio.sleep(SETTLED)
        spent = self.installation.cpu_seconds() - spent
        block.cpu = 1000 * (spent - self.idle * (time.perf_counter() - began)) / len(block.saves)
        return block

    async def begin(self, people: int) -> None:
        """Have new people there, each with one type that all their documents are of."""
        self.people = [await self._newcomer() for _ in range(people)]
        await asyncio.gather(*map(make_type, self.people))

    async def _newcomer(self) -> Chat:
        async with self.http.post("/sim/people", json={"first_name": "Somebody"}) as met:
            return Chat(self.http, "documents", (await met.json())["id"])


@click.command()
@click.option("--rounds", default=10, show_default=True)
@click.option("--presses", default=5, show_default=True, help="Of each kind, person and round.")
@click.option("--people", default=4, show_default=True, help="Who use an installation at once.")
@click.option("--quick", is_flag=True, help="Without the steps in between.")
def main(rounds: int, presses: int, people: int, quick: bool) -> None:
    """Measure; exports come by the second, not by the press, so several people share them."""
    with tempfile.TemporaryDirectory(prefix="switchboard-benchmark-") as directory:
        asyncio.run(_measure(Path(directory), Load(rounds, presses, people), quick=quick))


async def _measure(directory: Path, load: Load, *, quick: bool) -> None:
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        collector = await stack.enter_async_context(collecting(directory))
        all_measured = []
        for place, variant in enumerate(each for each in VARIANTS if each.is_main or not quick):
            all_measured.append(
                await _prepare(stack, directory / str(place), variant, f"{collector}/{place}")
            )
        await _measure_idleness(all_measured)
        for place in range(len(all_measured)):
            await _count(http, f"{collector}/{place}")  # of the warm-up
        for number in range(load.rounds):
            try:
                await _round(all_measured, load)
            except NotSeen as chat:
                last = str(chat).splitlines()[-2:]
                click.echo(f"round {number + 1} is left out, somebody waited: {last}", err=True)
            else:
                click.echo(f"round {number + 1} of {load.rounds}", err=True)
        _show(all_measured)
        for place, measured in enumerate(all_measured):
            told = await _count(http, f"{collector}/{place}")
            click.echo(f"{measured.variant.name}: {told} in all")


async def _round(all_measured: list[Measured], load: Load) -> None:
    figures = []
    for measured in random.sample(all_measured, len(all_measured)):
        await measured.begin(load.people)
        await asyncio.sleep(SETTLED)
        figures.append((measured, (await measured.use(load.presses)).figures()))
    for measured, found in figures:
        measured.blocks.append(found)


async def _prepare(
    stack: AsyncExitStack, directory: Path, variant: Variant, collector: str
) -> Measured:
    delays = {f"OTEL_{name}_SCHEDULE_DELAY": str(EXPORT_DELAY) for name in ("BSP", "BLRP")}
    told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, **delays} if variant.tells else {}
    settings = {"LOG_FORMAT": "json", **told, **variant.settings}
    running = await stack.enter_async_context(installed(directory, settings, variant.module))
    http = await stack.enter_async_context(aiohttp.ClientSession(running.address))
    measured = Measured(variant, running, http)
    await measured.begin(1)
    await measured.use(1)
    return measured


async def _measure_idleness(all_measured: list[Measured]) -> None:
    before = [measured.installation.cpu_seconds() for measured in all_measured]
    await asyncio.sleep(IDLE)
    for measured, spent in zip(all_measured, before, strict=True):
        measured.idle = (measured.installation.cpu_seconds() - spent) / IDLE


async def _count(http: aiohttp.ClientSession, address: str) -> dict[str, int]:
    async with http.get(address) as response:
        told: dict[str, int] = await response.json()
        return told


def _show(all_measured: list[Measured]) -> None:
    by_name = {measured.variant.name: measured.blocks for measured in all_measured}
    names = list(by_name[NOTHING][0])
    click.echo(f"{'':26}" + "".join(f"{name + ', ms':>22}" for name in names))
    for said, blocks in by_name.items():
        cells = [_spread([block[name] for block in blocks], 0) for name in names]
        click.echo(f"{said:26}" + "".join(f"{cell:>22}" for cell in cells))
    click.echo("ratios within rounds, medians (quartiles)")
    for less, more in ((LINES, TRACES), (NOTHING, ALL), *itertools.pairwise(by_name)):
        pairs = list(zip(by_name[more], by_name[less], strict=True))
        cells = [_spread([one[name] / other[name] for one, other in pairs], 2) for name in names]
        click.echo(f"{more} / {less}: " + ", ".join(map(" ".join, zip(names, cells, strict=True))))


def _spread(values: list[float], digits: int) -> str:
    if len(values) < 2:
        return f"{values[0]:.{digits}f}"
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


if __name__ == "__main__":
    main()
