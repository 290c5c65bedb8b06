"""Calls something again and again, so many at once, and says how long it took and what it cost."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

import psutil

from benchmarks.harness.description import Level

Call = Callable[[], Awaitable[object]]
"""Does the work once, and fails where its result is not what it should be."""
Figures = dict[str, float]

WARM_UP = (Level("", 1, 100, 2.0), Level("", 16, 400, 2.0), Level("", 128, 800, 2.0))


class Clocks:
    """Reads the processor time of this process, as `client`, and of others by what they are."""

    def __init__(self, others: Mapping[str, list[int]]) -> None:
        self._others = others

    def read(self) -> Figures:
        """Return the seconds each has used, in user and kernel, with their child processes."""
        found = {"client": time.process_time()}
        for name, numbers in self._others.items():
            found[name] = sum(_seconds(each) for number in numbers for each in _family(number))
        return found


def _family(number: int) -> list[int]:
    try:
        return [number, *(each.pid for each in psutil.Process(number).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _seconds(number: int) -> float:
    try:
        # The kernel's clock of another process, exact to a nanosecond: (~number << 3) | CPUCLOCK.
        return time.clock_gettime((~number << 3) | 2)
    except (OSError, OverflowError):
        try:
            spent = psutil.Process(number).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(spent.user + spent.system)


def spent(before: Figures, after: Figures, count: int) -> Figures:
    """Return microseconds for each of `count`, by process; `cpu` is that of client and server."""
    each = {name: (after[name] - before[name]) / count * 1e6 for name in after}
    ours = each.get("client", 0.0) + each.get("server", 0.0)
    return {"cpu": ours, **{f"cpu {name}": value for name, value in each.items()}}


async def warm_up(call: Call) -> None:
    """Let everything be imported, connected and learned before it counts."""
    for level in WARM_UP:
        await _many(call, level)


async def at_level(call: Call, level: Level, clocks: Clocks) -> Figures:
    """Return latencies in microseconds, the rate a second, and processor time for each call."""
    before, began = clocks.read(), time.perf_counter()
    taken = await _many(call, level)
    seconds, after = time.perf_counter() - began, clocks.read()
    middle, late = _percentiles([nanoseconds / 1000 for nanoseconds in taken])
    figures = {"p50": middle, "p99": late, "rate": len(taken) / seconds}
    return figures | spent(before, after, len(taken))


async def _many(call: Call, level: Level) -> list[int]:
    taken: list[int] = []
    left, until = level.count, time.perf_counter() + level.seconds

    async def again_and_again() -> None:
        nonlocal left
        while left > 0 and time.perf_counter() < until:
            left -= 1
            began = time.perf_counter_ns()
            await call()
            taken.append(time.perf_counter_ns() - began)

    await asyncio.gather(*(again_and_again() for _ in range(level.at_once)))
    return taken


def _percentiles(values: list[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[98]
