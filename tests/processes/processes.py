"""Services as `python -m services NAME` starts them."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from tests.bus.waiting import eventually
from tests.processes.warm import Forked, warm

READY = "services.ready"
LISTENING = re.compile(r"health\.listening.*\bport=(\d+)")
OWN_PORTS = {"FILES_PORT": "0", "GATEWAY_PORT": "0"}
"""Of a further copy on the same machine."""
DEADLINE = 90.0
"""Seconds to start or to stop; importing aiogram alone takes some on a busy machine."""

LAST_LINES = 15


@dataclass
class Services:
    """Running services by name, with all they have said."""

    environment: Mapping[str, str]
    said: dict[str, list[str]] = field(default_factory=dict)
    _running: dict[str, Process | Forked] = field(default_factory=dict)
    _readers: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def start(self, *names: str, ready: str = READY) -> None:
        """Start services and wait until each has said a line with `ready` in it."""
        for name in names:
            await self.spawn(name)
        await asyncio.gather(*(self.says(name, ready) for name in names))

    async def spawn(self, name: str, copy: str = "", *, cold: bool = False) -> None:
        """Start a service, or a further copy of it under the name `copy`, and wait for nothing.

        With `cold` the process imports all by itself, for who looks at just that.
        """
        known, arguments = copy or name, name.split()
        assert known not in self._running, f"{known} was started before, and not ended"
        environment = {
            "PATH": os.environ["PATH"],
            **self.environment,
            **(OWN_PORTS if copy else {}),
        }
        reading, writing = os.pipe()
        said = self.said[known] = []
        self._readers[known] = asyncio.create_task(_read(reading, said))
        try:
            if cold:
                self._running[known] = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "services", *arguments),
                    stdout=writing,
                    stderr=writing,
                    env=environment,
                )
            else:
                self._running[known] = await warm().start(arguments, environment, writing)
        finally:
            os.close(writing)

    async def replace(self, name: str) -> int:
        """Start a further copy, wait until it is ready, stop the first; returns its status."""
        copy = f"{name} anew"
        await self.spawn(name, copy)
        await self.says(copy, READY)
        address = await self.health(copy)
        async with aiohttp.ClientSession() as http, http.get(f"{address}/readyz") as response:
            assert response.status == 200, await response.text()
        status = await self.stop(name)
        self._running[name] = self._running.pop(copy)
        self._readers[name] = self._readers.pop(copy)
        self.said[name] = self.said.pop(copy)
        return status

    async def health(self, name: str) -> str:
        """Return the address where a process answers of its health."""
        await self.says(name, "health.listening")
        (port,) = LISTENING.findall("".join(self.said[name]))
        return f"http://127.0.0.1:{port}"

    def send(self, name: str, number: signal.Signals) -> None:
        """Send a signal, and do not wait for what comes of it."""
        self._running[name].send_signal(number)

    async def ends(self, name: str) -> int:
        """Wait until a service has ended; returns its exit status."""
        process = self._running.pop(name)
        try:
            async with asyncio.timeout(DEADLINE):
                status = await process.wait()
                await self._readers.pop(name)
        except TimeoutError:
            if process.returncode is None:
                process.kill()
            raise AssertionError(f"{name} does not end:{self.last_words(name)}") from None
        return status

    async def says(self, name: str, words: str) -> None:
        """Wait for a line of a service."""

        async def is_said() -> bool:
            found = any(words in line for line in self.said[name])
            assert found or self._running[name].returncode is None, "".join(self.said[name])
            return found

        await eventually(is_said, DEADLINE, lambda: f" of {words!r} in{self.last_words(name)}")

    def last_words(self, name: str) -> str:
        """Return what a service said last, for who reads of a failure."""
        return "".join([f"\n{name}:\n", *self.said[name][-LAST_LINES:]])

    async def kill(self, name: str) -> None:
        """End a service as a crash would."""
        await self._end(name, signal.SIGKILL)

    async def stop(self, name: str) -> int:
        """End a service as an operator would; returns its exit status."""
        return await self._end(name, signal.SIGTERM)

    async def put_right(self, *names: str) -> list[str]:
        """Have each of these run, and nothing else; returns in words what was otherwise."""
        wrong = []
        for name, process in list(self._running.items()):
            if process.returncode is not None:
                wrong.append(f"{name} has ended by itself:{self.last_words(name)}")
                await self.ends(name)
            elif name not in names:
                wrong.append(f"{name} was left running")
                await self.stop(name)
        for name in names:
            if name not in self._running:
                wrong.append(f"{name} was not running")
                await self.start(name)
        return wrong

    async def stop_all(self) -> None:
        """End whatever runs."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))

    async def _end(self, name: str, number: signal.Signals) -> int:
        if self._running[name].returncode is None:
            self.send(name, number)
        return await self.ends(name)


async def _read(pipe: int, said: list[str]) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe)
    )
    async for line in reader:
        said.append(line.decode())
