"""What is measured: a bot's doors and all the processes behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.harness.load import Clocks
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
    tells: bool = False
    """Whether its settings lead to all that is counted."""

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time that each has used so far, in user and kernel."""
        numbers = {name: [each.pid] for name, each in {**self.services, **self.servers}.items()}
        found = Clocks(numbers).read()
        return {name: found[name] for name in numbers}

    def resident(self) -> dict[str, float]:
        """Return the MiB that each service has in memory."""
        return {name: each.memory_info().rss / MIB for name, each in self.services.items()}
