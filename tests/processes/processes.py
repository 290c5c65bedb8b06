"""Services as `python -m services NAME` starts them."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping
from dataclasses import dataclass, field

READY = "services.ready"
DEADLINE = 40.0
"""Seconds to start or to stop; importing aiogram alone takes some on a busy machine."""


@dataclass
class Services:
    """Running services by name, with all they have said."""

    environment: Mapping[str, str]
    said: dict[str, list[str]] = field(default_factory=dict)
    _running: dict[str, Process] = field(default_factory=dict)
    _readers: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def start(self, *names: str, ready: str = READY) -> None:
        """Start services and wait until each has said a line with `ready` in it."""
        for name in names:
            self._running[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "services", name),
                stdout=PIPE,
                stderr=STDOUT,
                env={"PATH": os.environ["PATH"], **self.environment},
            )
            self.said[name] = []
            self._readers[name] = asyncio.create_task(self._read(name, self._running[name]))
        await asyncio.gather(*(self.says(name, ready) for name in names))

    async def says(self, name: str, words: str) -> None:
        """Wait for a line of a service."""
        async with asyncio.timeout(DEADLINE):
            while not any(words in line for line in self.said[name]):
                assert self._running[name].returncode is None, "".join(self.said[name])
                await asyncio.sleep(0.02)  # the reader's lines have no event of their own

    async def kill(self, name: str) -> None:
        """End a service as a crash would."""
        await self._end(name, signal.SIGKILL)

    async def stop(self, name: str) -> int:
        """End a service as an operator would; returns its exit status."""
        return await self._end(name, signal.SIGTERM)

    async def stop_all(self) -> None:
        """End whatever runs."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))

    async def _end(self, name: str, number: signal.Signals) -> int:
        process = self._running.pop(name)
        if process.returncode is None:
            process.send_signal(number)
        async with asyncio.timeout(DEADLINE):
            status = await process.wait()
            await self._readers.pop(name)
        return status

    async def _read(self, name: str, process: Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self.said[name].append(line.decode())
