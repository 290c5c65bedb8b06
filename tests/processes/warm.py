"""Starts services and commands from a process that has imported what they need already.

Importing takes a second of processor time or more, and tests start them hundreds of times.
"""

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.processes.forking import LARGEST, Order

ROOT = Path(__file__).parents[2]
START_WITHIN = 90.0
"""Seconds; the first order waits until all is imported."""


class Forked:
    """A service's process, as `asyncio.subprocess.Process` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    async def wait(self) -> int:
        """Wait until it has ended; returns its exit status, negative for a signal."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal; raises ProcessLookupError where it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a crash would."""
        self.send_signal(signal.SIGKILL)

    def end(self, status: int) -> None:
        """Learn that it has ended."""
        self.returncode = status
        self._ended.set()


class Warm:
    """The process that has imported everything, as seen by the loop that gives it orders."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.processes.forking"],
                stdin=theirs.fileno(),
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]},
            )
        self._numbers = itertools.count()
        self._starting: dict[int, asyncio.Future[Forked]] = {}
        self._running: dict[int, Forked] = {}
        self._nothing = os.open(os.devnull, os.O_RDONLY)
        self._channel.setblocking(False)
        self._loop.add_reader(self._channel, self._read)

    async def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], output: int
    ) -> Forked:
        """Run `python -m services` with these arguments; all it says goes to the file `output`."""
        streams = (self._nothing, output, output)
        return await self._start(streams, "services", arguments, environment)

    async def start_program(
        self,
        program: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        streams: tuple[int, int, int],
    ) -> Forked:
        """Run a module, or a script by its path, with files for input, output and errors."""
        return await self._start(streams, program, arguments, environment, in_session=True)

    async def _start(
        self,
        streams: tuple[int, int, int],
        program: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        in_session: bool = False,
    ) -> Forked:
        number = next(self._numbers)
        starting: asyncio.Future[Forked] = self._loop.create_future()
        self._starting[number] = starting
        order = Order(
            number, program, list(arguments), dict(environment), os.getcwd(), in_session
        ).encoded()
        assert len(order) <= LARGEST
        socket.send_fds(self._channel, [order], streams)
        async with asyncio.timeout(START_WITHIN):
            return await starting

    def _read(self) -> None:
        told = self._channel.recv(LARGEST)
        if not told:
            self._loop.remove_reader(self._channel)
            raise AssertionError(f"it has ended with {self._process.wait()}")
        word, key, value = json.loads(told)
        if word == "started":
            forked = self._running[value] = Forked(value)
            self._starting.pop(key).set_result(forked)
        else:
            self._running.pop(key).end(value)


def warm() -> Warm:
    """Return the process of this loop, which lives as long as we do."""
    return _of(asyncio.get_running_loop())


@cache
def _of(loop: asyncio.AbstractEventLoop) -> Warm:
    return Warm(loop)
