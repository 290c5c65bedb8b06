"""One process of a benchmark: serves until it is let go, or measures and says what it found.

Run by harness/processes.py:  python -m benchmarks.harness.child server|client MODULE:FUNCTION
It reads lines of JSON and writes them. A server is gone once its input ends, whoever started it.
"""

import asyncio
import gc
import importlib
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import msgspec

from benchmarks.harness.description import Level
from benchmarks.harness.load import Clocks, Figures, at_level, warm_up

MARK = "@"
"""Begins what is said to who measures; whatever else is written is none of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a role is called with."""

    settings: Mapping[str, str]
    """Where the servers of its place are, and the keys to them."""
    options: Mapping[str, Any]


class Task(msgspec.Struct, frozen=True):
    """What a process is to do, as it is told at its start."""

    settings: dict[str, str]
    options: dict[str, Any]
    levels: list[Level]
    warm: bool


Run = Callable[[Coroutine[Any, Any, None]], None]


def run_fast(main: Coroutine[Any, Any, None]) -> None:
    """Run on the loop that services run on, where it is installed."""
    try:
        import uvloop  # it is not there on every system
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def serve(target: str) -> None:
    """Open a server's context until there is no more input."""
    role, task = _role(target), await _read(Task)
    async with role(Given(task.settings, task.options)):
        _say({"ready": os.getpid()})
        await asyncio.to_thread(sys.stdin.readline)


async def measure(target: str) -> None:
    """Wait until the servers serve, then measure."""
    role, task = _role(target), await _read(Task)
    _say({"ready": os.getpid()})
    clocks = Clocks(await _read(dict[str, list[int]]))
    found: Figures = {}
    async with role(Given(task.settings, task.options)) as does:
        if hasattr(does, "measure"):
            found = await does.measure(task.levels, clocks)
        else:
            if task.warm:
                await warm_up(does)
            for level in task.levels:
                gc.collect()
                figures = await at_level(does, level, clocks)
                found |= {f"{level.name} {name}": value for name, value in figures.items()}
        _say({"found": found})


def _role(target: str) -> Callable[[Given], AbstractAsyncContextManager[Any]]:
    module, _, name = target.partition(":")
    role: Callable[[Given], AbstractAsyncContextManager[Any]]
    role = getattr(importlib.import_module(module), name)
    return role


async def _read(wanted: Any) -> Any:
    return msgspec.json.decode(await asyncio.to_thread(sys.stdin.readline), type=wanted)


def _say(what: object) -> None:
    sys.stdout.write(f"{MARK}{msgspec.json.encode(what).decode()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run_fast({"server": serve, "client": measure}[sys.argv[1]](sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)  # whatever a library still has running has nothing to do any more
