"""One server as a child process: started, awaited until it is ready, stopped gracefully."""

import asyncio
import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from switchboard.errors import Trouble
from switchboard.local.os_user import OsUser, as_user
from switchboard.local.ports import is_free
from switchboard.local.processes import end_process

_CHECK_EVERY = 0.03
_LAST_LINES = 8
_TAKEN = "address already in use"
"""As nats-server, PostgreSQL and redis-server say it, in capitals or not."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to start, how to see that it is ready, and how it likes to be stopped."""

    name: str
    command: Sequence[str]
    ports: Sequence[int]
    is_ready: Callable[[], Awaitable[bool]]
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 60
    stop_seconds: float = 2
    user: OsUser | None = None


class Server:
    """A running program; its output goes to a log file of its own."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self._log = log
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        self.process = _spawn(program, log)

    async def wait_until_ready(self) -> None:
        """Raises `Trouble` with the server's last words when it ends or takes too long."""
        deadline = time.monotonic() + self.program.start_seconds
        while not await self.program.is_ready():
            self.check()
            if time.monotonic() > deadline:
                seconds = f"{self.program.start_seconds:.0f}"
                raise Trouble(f"{self.program.name} is not ready after {seconds} s. {self._said()}")
            await asyncio.sleep(_CHECK_EVERY)
        self.check()  # what answered might have been another server on the same port

    def check(self) -> None:
        """Raises `Trouble` with the server's last words when it has ended."""
        status = self.process.poll()
        if status is not None:
            raise Trouble(f"{self.program.name} ended by itself (status {status}). {self._said()}")

    def lost_its_port(self) -> bool:
        """Whether it says that somebody else was at one of its ports, perhaps for a moment only."""
        return _TAKEN in self._said().casefold() or not all(map(is_free, self.program.ports))

    async def stop(self) -> None:
        """Lets the server finish; after its time is up, kills it."""
        await end_process(self.process, self.program.stop_signal, self.program.stop_seconds)
        self.process.wait(timeout=1)

    def _said(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = "".join(f"\n    {line}" for line in lines[-_LAST_LINES:])
        return f"Its log ({self._log}) ends:{last}" if last else f"Its log ({self._log}) is empty."


def _spawn(program: Program, log: Path) -> psutil.Popen:
    with log.open("wb") as output:
        return psutil.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal goes to the whole process group: the servers must outlive
            # the services, which finish their work first.
            start_new_session=True,
            preexec_fn=end_with_parent(program.stop_signal),
            **as_user(program.user),
        )


def end_with_parent(stop_signal: signal.Signals) -> Callable[[], object] | None:
    """For `preexec_fn`: on Linux the kernel stops the child gracefully when we are killed.

    Elsewhere, and after a crash of the machine, the next start ends what is left over.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: after it only the call is left
    return lambda: prctl(_PR_SET_PDEATHSIG, stop_signal)
