"""Processes of a benchmark: started at once, listened to with a deadline, ended in any case."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.harness.child import MARK, Task
from benchmarks.harness.description import Level, Place, Role, Variant
from benchmarks.harness.load import Figures

READY_WITHIN = 60.0
MEASURED_WITHIN = 150.0
"""Seconds besides those that the levels may take."""
ENDS_WITHIN = 40.0
LAST_LINES = 6
LONGEST_LINE = 1 << 20
ROOT = Path(__file__).parents[2]


class Failed(Exception):
    """A process ended, or said nothing in time; the text has its last words."""


class Child:
    """A running process and what it says."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def number(self) -> int:
        """Return its id."""
        return self._process.pid

    def tell(self, what: object) -> None:
        """Give it a line to read."""
        assert self._process.stdin
        self._process.stdin.write(msgspec.json.encode(what) + b"\n")

    async def hears(self, name: str, within: float) -> Any:
        """Return what it says under a name; raises Failed."""
        assert self._process.stdout
        try:
            async with asyncio.timeout(within):
                async for line in self._process.stdout:
                    if line.startswith(MARK.encode()):
                        said = msgspec.json.decode(line.removeprefix(MARK.encode()))
                        if name in said:
                            return said[name]
        except TimeoutError:
            raise Failed(f"said nothing of {name} within {within:.0f} s{self._last()}") from None
        raise Failed(f"ended before it said {name}{self._last()}")

    def _last(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "".join(f"\n    {line}" for line in lines[-LAST_LINES:])

    async def end(self) -> None:
        """Let it go; kill what does not go."""
        assert self._process.stdin
        self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), ENDS_WITHIN)
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await asyncio.wait_for(self._process.wait(), ENDS_WITHIN)


@asynccontextmanager
async def started(kind: str, role: Role, task: Task, log: Path) -> AsyncIterator[Child]:
    """Run a process of that role until the block ends; what it writes as errors goes to `log`."""
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.harness.child", kind, role.target),
            stdin=PIPE,
            stdout=PIPE,
            stderr=said,
            limit=LONGEST_LINE,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **task.settings},
        )
    child = Child(process, log)
    try:
        child.tell(task)
        yield child
    finally:
        await child.end()


async def run_once(
    variant: Variant, place: Place, levels: Sequence[Level], directory: Path, *, warm: bool = True
) -> Figures:
    """Run a variant in new processes and return its figures; raises Failed."""

    def task_of(role: Role) -> Task:
        return Task(dict(place.settings), dict(role.options), list(levels), warm)

    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(
                started("server", role, task_of(role), directory / f"server-{number}.log")
            )
            for number, role in enumerate(variant.servers)
        ]
        # Started before the servers are ready: importing takes it as long as them.
        client = await stack.enter_async_context(
            started("client", variant.client, task_of(variant.client), directory / "client.log")
        )
        for child in (*servers, client):
            await child.hears("ready", READY_WITHIN)
        others = {name: [number] for name, number in place.processes.items()}
        client.tell({"server": [server.number for server in servers], **others})
        within = MEASURED_WITHIN + sum(level.seconds for level in levels)
        found: Figures = await client.hears("found", within)
        return found
