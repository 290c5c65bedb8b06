"""How long a press takes to be answered, and how much memory the local stack holds.

Run it beside `make run`:  .venv/bin/python -m benchmarks.press
It presses "My documents" (a query) and says /help (no query), and reads the memory of the run's
process and of all it started.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import click
import psutil

from tests.chat import Chat

WARM_UP = 5


@click.command()
@click.option("--directory", type=click.Path(path_type=Path), default=Path(".local"))
@click.option("--times", default=50, show_default=True)
def main(directory: Path, times: int) -> None:
    """Measure the installation that runs on DIRECTORY."""
    holder = json.loads((directory / "lock").read_text())
    for name, milliseconds in asyncio.run(_measure(holder["address"], times)).items():
        worst = sorted(milliseconds)[int(times * 0.95)]
        click.echo(
            f"{name}: median {statistics.median(milliseconds):.0f} ms, "
            f"95 % within {worst:.0f} ms, {times} times"
        )
    for name, mebibytes in _memory(holder["pid"]).items():
        click.echo(f"{name}: {mebibytes:.0f} MiB resident")


async def _measure(address: str, times: int) -> dict[str, list[float]]:
    async with aiohttp.ClientSession(address) as http:
        person = {"first_name": "Benchmark"}
        async with http.post("/sim/people", json=person) as response:
            chat = Chat(http, "documents", (await response.json())["id"])

        async def say_help() -> None:
            await chat.says("/help")
            await chat.sees_new("/documents")

        async def press_documents() -> None:
            await chat.presses("My documents")
            await chat.sees_new("no documents yet")

        async def press_with_menu() -> float:
            await say_help()
            return await _timed(press_documents)

        return {
            "/help": await _repeat(lambda: _timed(say_help), times),
            "My documents": await _repeat(press_with_menu, times),
        }


async def _repeat(once: Callable[[], Awaitable[float]], times: int) -> list[float]:
    return [await once() for _ in range(WARM_UP + times)][WARM_UP:]


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await act()
    return (time.perf_counter() - began) * 1000


def _memory(pid: int) -> dict[str, float]:
    run = psutil.Process(pid)
    found: dict[str, float] = {"services": _resident(run)}
    for child in run.children(recursive=True):
        name = child.name()
        found[name] = found.get(name, 0) + _resident(child)
    return found | {"all": sum(found.values())}


def _resident(process: psutil.Process) -> float:
    """Return MiB that are the process's own: PostgreSQL's share memory among themselves."""
    return float(process.memory_full_info().pss) / 1024**2


if __name__ == "__main__":
    main()
