"""Whether memory and descriptors of the processes stay flat, life by life."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from services.notifier.service import TOLD_AT_ONCE
from tests.faults.installation import Installation

EVERY = 5.0
WARM_UP = 4
"""Samples at the beginning of a life that count for nothing."""
ENOUGH = 12
"""Samples after that, without which a life is too short to say anything."""
MIB = 1024 * 1024
MEMORY_AT_MOST = 48 * MIB
"""Bytes by which the last third of a life may lie above its first: lists of a run do grow."""
DESCRIPTORS_AT_MOST = 40
TELLING_AT_ONCE = 2 * sum(TOLD_AT_ONCE.values())
"""Descriptors more for who asks Redis of all that it tells at once: a connection for each call and
for each claim that is kept up, which stay when the first mailing is over."""
MORE_OF = {"notifier": TELLING_AT_ONCE, "redis": 2 * TELLING_AT_ONCE}
"""By service or server, for up to two copies of the notifier."""


@dataclass
class Lives:
    """Samples of (bytes, descriptors) by name and process id."""

    samples: defaultdict[tuple[str, int], list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def watch(self, installation: Installation) -> None:
        """Take samples for as long as the run takes."""
        while True:
            for name, pid in _processes(installation).items():
                try:
                    process = psutil.Process(pid)
                    sample = (process.memory_info().rss, process.num_fds())
                except psutil.Error:
                    continue
                self.samples[name, pid].append(sample)
            await asyncio.sleep(EVERY)

    def growth(self) -> dict[str, tuple[int, int]]:
        """Return the most that the lives of each name have grown, in bytes and descriptors."""
        grown: dict[str, tuple[int, int]] = {}
        for (name, _), samples in self.samples.items():
            if len(samples) < WARM_UP + ENOUGH:
                continue
            third = (len(samples) - WARM_UP) // 3
            first, last = samples[WARM_UP : WARM_UP + third], samples[-third:]
            by = tuple(
                int(median(s[i] for s in last) - median(s[i] for s in first)) for i in (0, 1)
            )
            most = grown.get(name, (0, 0))
            grown[name] = (max(most[0], by[0]), max(most[1], by[1]))
        return grown

    def write(self, file: Path) -> None:
        """Keep the samples for whoever looks into them."""
        found = {f"{name} {pid}": samples for (name, pid), samples in self.samples.items()}
        file.write_text(json.dumps(found) + "\n", encoding="utf-8")

    def problems(self) -> list[str]:
        """Return who is not flat, in words."""
        return [
            f"{name} has grown by {memory // MIB} MiB and {descriptors} descriptors"
            for name, (memory, descriptors) in self.growth().items()
            if memory > MEMORY_AT_MOST
            or descriptors > DESCRIPTORS_AT_MOST + MORE_OF.get(name.partition("-")[0], 0)
        ]


def _processes(installation: Installation) -> Mapping[str, int]:
    servers = {name: each.pid for name, each in installation.servers.processes.items()}
    copies = {
        name: copy.process.pid
        for name, copy in installation.copies.items()
        if copy.process and copy.ready.is_set()  # starting, it grows
    }
    return servers | copies
