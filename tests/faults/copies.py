"""Services as processes of their own, started again whenever they end, as a supervisor does."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes.warm import Forked, warm

READY = "services.ready"
START_WITHIN = 300.0
"""Seconds; what takes three on an idle machine has taken two minutes on a crowded one."""
STARTS = 4
"""How often a process may end before it is ready: its servers may be away just then."""
RESTART_DELAY = 0.3
LOOK_EVERY = 0.1


class NeverReady(Exception):
    """A service does not start; the text has its last words."""


@dataclass(frozen=True)
class Ending:
    """A process ended by itself, with this exit status."""

    copy: str
    status: int
    at: float


@dataclass(eq=False)
class Copy:
    """One copy of a service; its lines go to `log`, run after run."""

    name: str
    service: str
    environment: Mapping[str, str]
    log: Path
    endings: list[Ending] = field(default_factory=list)
    process: Forked | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _down: float = 0.0
    _meant: bool = False
    _closing: bool = False
    _running: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Keep it running from now on."""
        self._running = asyncio.create_task(self._keep_running())

    async def until_ready(self) -> None:
        """Wait until it does its work; raises NeverReady, at once where it cannot even start."""
        endings, waited = len(self.endings), 0.0
        while not self.ready.is_set():
            if len(self.endings) >= endings + STARTS or waited > START_WITHIN:
                raise NeverReady(f"{self.name}: {self.log}: {self._last_words()}")
            await asyncio.sleep(LOOK_EVERY)
            waited += LOOK_EVERY

    def _last_words(self) -> str:
        return self.log.read_text("utf-8", errors="replace")[-1000:]

    def end(self, number: signal.Signals, *, down: float = 0.0) -> None:
        """End the process, which is started again `down` seconds later."""
        if self.process and self.process.returncode is None:
            self._down, self._meant = down, True
            self.ready.clear()
            self.process.send_signal(number)

    def pause(self) -> None:
        """Freeze the process."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(number)

    async def close(self) -> int:
        """Stop it for good, gently, and return its exit status."""
        self._closing = True
        self.resume()
        self._signal(signal.SIGTERM)
        status = -1
        if self.process:
            try:
                async with asyncio.timeout(30):
                    status = await self.process.wait()
            except TimeoutError:
                self.process.kill()
                status = await self.process.wait()
        if self._running:
            self._running.cancel()
        return status

    async def _keep_running(self) -> None:
        while not self._closing:
            with self.log.open("ab") as output:
                begins = output.tell()
                environment = {"PATH": os.environ["PATH"], **self.environment}
                self.process = await warm().start([self.service], environment, output.fileno())
            self._meant = False
            watching = asyncio.create_task(self._watch(begins))
            status = await self.process.wait()
            watching.cancel()
            self.ready.clear()
            if not self._meant and not self._closing:
                self.endings.append(Ending(self.name, status, time.time()))
            await asyncio.sleep(max(self._down, RESTART_DELAY))
            self._down = 0.0

    async def _watch(self, begins: int) -> None:
        while READY not in self._said_since(begins):  # noqa: ASYNC110 # a file tells nothing
            await asyncio.sleep(LOOK_EVERY)
        self.ready.set()

    def _said_since(self, begins: int) -> str:
        with self.log.open("rb") as log:
            log.seek(begins)
            return log.read().decode(errors="replace")
