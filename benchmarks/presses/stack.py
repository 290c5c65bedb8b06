"""What is measured: a bot's doors and all the processes behind them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from benchmarks.presses.telegram import Door

MIB = 1024**2


@dataclass
class Stack:
    """A bot that runs, with its servers."""

    doors: Sequence[Door]
    services: Mapping[str, psutil.Process]
    servers: Mapping[str, psutil.Process]
    """What they start counts as theirs."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time that each has used so far, in user and kernel."""
        return {name: sum(map(_cpu, _family(each))) for name, each in self._all().items()}

    def resident(self) -> dict[str, float]:
        """Return the MiB that each service has in memory."""
        return {name: each.memory_info().rss / MIB for name, each in self.services.items()}

    def _all(self) -> dict[str, psutil.Process]:
        return {**self.services, **self.servers}


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0
