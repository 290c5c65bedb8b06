"""Carries out the planned faults, and heals what they did."""

import asyncio
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psutil
from nats.errors import Error as NatsError

from bus.topology import STREAMS
from tests.faults.copies import Copy
from tests.faults.hands import Hands
from tests.faults.installation import Installation
from tests.faults.ledger import Deed, Ledger
from tests.faults.poison import Poisoner
from tests.faults.schedule import (
    SERVERS,
    TELEGRAM,
    UNKNOWN_FATE,
    UPDATES,
    Fault,
    hits_the_middle,
)

HEAL_ATTEMPTS = 40
SLOW = 0.3
FULL = 1
"""Bytes that a full stream may hold."""


@dataclass(eq=False)
class Injury:
    """A fault that was carried out; times are seconds since the epoch."""

    fault: Fault
    began: float
    in_flight: int
    healed: float = 0.0
    waited_for: list[Deed] = field(default_factory=list)
    """What was in flight when it was healed."""

    @property
    def recovery(self) -> float:
        """Seconds from healing until all that waited then had an ending."""
        endings = [min(deed.ended_at) for deed in self.waited_for if deed.ended_at]
        return max([end - self.healed for end in endings if end > self.healed], default=0.0)


@dataclass(eq=False)
class Injuries:
    """Hurts an installation."""

    installation: Installation
    http: aiohttp.ClientSession
    ledger: Ledger
    poisoner: Poisoner
    victim: Hands
    middle: Callable[[Fault], Awaitable[None]]
    """Waits until there is something that a kill can hit in its middle."""
    done: list[Injury] = field(default_factory=list)
    _locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def carry_out(self, faults: list[Fault]) -> None:
        """Let each fault happen at its time; return when the last is healed."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as running:
            for fault in faults:
                await asyncio.sleep(max(0.0, began + fault.at - time.monotonic()))
                running.create_task(self._suffer(fault))

    async def _suffer(self, fault: Fault) -> None:
        ways: dict[str, Callable[[Fault], Awaitable[None]]] = {
            "kill": self._kill,
            "pause": self._pause,
            "network": self._cut,
            "answers": self._order,
            "unknown fate": self._order,
            "updates": self._order,
            "blocked": self._block,
            "poison": self._poison,
            "full": self._fill,
            "rolling restart": self._restart_all,
        }
        async with self._alone(fault):
            if hits_the_middle(fault):
                await self.middle(fault)
            injury = Injury(fault, time.time(), len(self.ledger.in_flight()))
            self.done.append(injury)
            await ways[fault.kind](fault)
            injury.healed = time.time()
            injury.waited_for = self.ledger.in_flight()

    @asynccontextmanager
    async def _alone(self, fault: Fault) -> AsyncIterator[None]:
        """One fault at a time for each target: who is frozen is not killed."""
        target = "nats" if fault.kind == "full" else fault.target.partition(":")[0]
        async with self._locks[target]:
            yield

    def _copy(self, service: str, fault: Fault) -> Copy:
        copies = self.installation.copies_of(service)
        return copies[fault.number % len(copies)]

    async def _kill(self, fault: Fault) -> None:
        if fault.target == "telegram":
            (copy,) = self.installation.copies_of("playground")
            async with self.installation.gate.closed():
                copy.end(signal.SIGKILL, down=fault.lasting)
                await copy.until_ready()
        elif fault.target in SERVERS:
            process = self.installation.servers.processes[fault.target]
            process.kill()
            await asyncio.to_thread(process.wait)
            await asyncio.sleep(fault.lasting)
            await self.installation.restart_server(fault.target)
        else:
            copy = self._copy(fault.target, fault)
            await copy.until_ready()
            copy.end(signal.SIGKILL, down=fault.lasting)
            await copy.until_ready()

    async def _pause(self, fault: Fault) -> None:
        frozen: list[psutil.Process] = []
        if fault.target in self.installation.servers.processes:
            process = self.installation.servers.processes[fault.target]
            frozen = [process, *process.children(recursive=True)]
        else:
            service = "playground" if fault.target == "telegram" else fault.target
            copy = self._copy(service, fault)
            await copy.until_ready()
            if copy.process:
                frozen = [psutil.Process(copy.process.pid)]
        _signal_all(frozen, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.lasting)
        finally:
            _signal_all(frozen, signal.SIGCONT)

    async def _cut(self, fault: Fault) -> None:
        service, _, dependency = fault.target.partition(":")
        copy = self._copy(service, fault)
        door = self.installation.doors[copy.name, dependency]
        try:
            match fault.detail:
                case "latency":
                    door.latency = SLOW
                case "reset":
                    door.reset()
                    return
                case "half-open":
                    door.hold()
                case _:
                    door.hold(only_old=True)
            await asyncio.sleep(fault.lasting)
        finally:
            door.heal()

    async def _order(self, fault: Fault) -> None:
        """Have the Bot API server go wrong; what is left of it after a while is taken back."""
        orders = {**TELEGRAM, **UNKNOWN_FATE, **UPDATES}[fault.detail]
        await self._ask_telegram("POST", orders)
        await asyncio.sleep(fault.lasting)
        await self._ask_telegram("DELETE", {})

    async def _ask_telegram(self, verb: str, body: Mapping[str, Any]) -> None:
        url = f"{self.installation.telegram_url}/sim/faults"
        for _ in range(HEAL_ATTEMPTS):
            try:
                async with self.http.request(verb, url, json=body) as response:
                    assert response.status in (200, 201), await response.text()
                    return
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.5)

    async def _block(self, fault: Fault) -> None:
        """Have somebody stop the bot in the middle of something: 403 to all that is said."""
        await self.victim.says("/documents")
        await self.victim.blocks(True)
        await asyncio.sleep(fault.lasting)
        await self.victim.blocks(False)

    async def _poison(self, fault: Fault) -> None:
        async with self.installation.operator() as bus:
            await self.poisoner.inject(bus)

    async def _fill(self, fault: Fault) -> None:
        await self._limit(fault.target, FULL)
        try:
            await asyncio.sleep(fault.lasting)
        finally:
            await self._limit(fault.target, STREAMS[fault.target].max_bytes or -1)

    async def _limit(self, stream: str, size: int) -> None:
        for attempt in range(HEAL_ATTEMPTS):
            try:
                async with self.installation.operator() as bus:
                    await bus.update_stream(STREAMS[stream].evolve(max_bytes=size))
                    return
            except (NatsError, TimeoutError, OSError):
                if attempt == HEAL_ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.5)

    async def _restart_all(self, fault: Fault) -> None:
        """Restart every service in turn, as a deployment does."""
        for copy in self.installation.copies.values():
            if copy.service != "playground":
                await copy.until_ready()
                copy.end(signal.SIGTERM)
                await copy.until_ready()


def _signal_all(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
