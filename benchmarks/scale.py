"""What a million people take, worked out from what a press was measured to take.

    .venv/bin/python -m benchmarks.scale

It reads docs/performance/presses.json and writes the tables of docs/scale.md anew.
"""

import math
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from benchmarks.harness.processes import ROOT
from benchmarks.harness.record import Record
from benchmarks.harness.tables import table
from benchmarks.presses.comparing import OURS
from bus.topology import PARTITIONS
from telegram_api.rates import PER_SECOND

PAGE, KEPT = ROOT / "docs" / "scale.md", ROOT / "docs" / "performance" / "presses.json"
BEGIN, END = "<!-- generated: scale -->", "<!-- end: scale -->"
PEOPLE = 10**6
PEAK_HOUR = 1 / 8
"""Of a day's presses, those in its busiest hour."""
GUST = 3.0
"""The busiest seconds of that hour, of its average."""
USED = 0.6
"""Of a core, so that what waits for it stays short."""
TELEGRAM_MS = 100.0
"""For the calls of a press, as api.telegram.org answers from another country; measured on loopback
they take two."""
BUSY_PARTITION = 0.5
"""Of its time, so that a chat seldom waits for another one."""
FSYNC_MS = {"a disk as here": 0.1, "an ordinary SSD": 1.0, "a network disk": 5.0}
DAYS = 30
GIB = 1024**3
SERVERS = ("nats", "postgres", "redis")


@dataclass(frozen=True, slots=True)
class Activity:
    """How many of the people come in a day, and how often each presses then."""

    name: str
    share: float
    presses: int

    @property
    def daily(self) -> float:
        """Presses a day."""
        return PEOPLE * self.share * self.presses

    @property
    def peak(self) -> float:
        """Presses a second in the busiest seconds of a day."""
        return self.daily * PEAK_HOUR / 3600 * GUST


ACTIVITIES = (
    Activity("quiet: 2 % a day, 5 presses", 0.02, 5),
    Activity("usual: 10 % a day, 10 presses", 0.1, 10),
    Activity("busy: 30 % a day, 20 presses", 0.3, 20),
)


class Press:
    """What one press takes, medians of the repetitions."""

    def __init__(self, record: Record) -> None:
        self._record = record
        prefix, found = "at 50 cpu ", defaultdict[str, float](float)
        for name in record.repetitions[0].get(OURS, {}):
            if name.startswith(prefix):
                process = name.removeprefix(prefix).rsplit("-", 1)[0]
                found[process] += self.figure(name)
        self.cpu = dict(found)
        """Milliseconds of a processor by service or server."""

    def figure(self, name: str) -> float:
        """Return a measured figure."""
        return statistics.median(self._record.values(OURS, name))


def copies(press: Press, activity: Activity) -> dict[str, int]:
    """Return the processes that each service needs, one core each, at the peak; two at least."""
    return {
        name: max(2, math.ceil(activity.peak * milliseconds / 1000 / USED))
        for name, milliseconds in press.cpu.items()
        if name not in SERVERS
    }


def partitions(press: Press, activity: Activity) -> int:
    """Return how many an app needs if all presses are its own: each handles one press at a time."""
    seconds = (press.figure("at rest p50") + TELEGRAM_MS) / 1000
    return math.ceil(activity.peak * seconds / BUSY_PARTITION)


def column(press: Press, activity: Activity) -> dict[str, str]:
    """Return what so much activity takes, in words and numbers by what it is."""
    peak, daily = activity.peak, activity.daily
    writes = peak * press.figure("stream writes a press")
    return {
        "presses a day": f"{daily:,.0f}",
        "presses a second, at the peak": f"{peak:,.1f}",
        f"bots, at {PER_SECOND} answers a second each": str(math.ceil(peak / PER_SECOND)),
        f"partitions, if one app has all (now {PARTITIONS})": str(partitions(press, activity)),
        "cores of services, at the peak": _cores(press, activity, servers=False),
        "cores of NATS, PostgreSQL and Redis": _cores(press, activity, servers=True),
        **{f"copies of {name}": str(number) for name, number in copies(press, activity).items()},
        "writes to streams a second": f"{writes:,.0f}",
        **{
            f"{disk}, busy with their fsyncs of {ms:g} ms": f"{writes * ms / 1000:.0%}"
            for disk, ms in FSYNC_MS.items()
        },
        "commits a second": f"{peak * press.figure('commits a press'):,.0f}",
        "rows written a second": f"{peak * press.figure('rows written a press'):,.0f}",
        "WAL a day": _gib(daily * press.figure("WAL bytes a press")),
        f"the database grows in {DAYS} days by": _gib(
            daily * DAYS * press.figure("database bytes a press")
        ),
        "Redis, if it kept a day's presses": _gib(daily * press.figure("Redis bytes a press")),
    }


def rows(press: Press) -> list[list[str]]:
    """Return the table, a row each thing, a column each activity."""
    columns = [column(press, activity) for activity in ACTIVITIES]
    return [[name, *(each[name] for each in columns)] for name in columns[0]]


def _cores(press: Press, activity: Activity, *, servers: bool) -> str:
    taken = sum(ms for name, ms in press.cpu.items() if (name in SERVERS) is servers)
    return f"{activity.peak * taken / 1000 / USED:.1f}"


def _gib(size: float) -> str:
    return f"{size / GIB:,.2f} GiB"


def page(text: str, press: Press) -> str:
    """Return the page with its tables new."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    cost = table(
        ["one press takes", "ms of a core"],
        [[name, f"{milliseconds:.2f}"] for name, milliseconds in press.cpu.items()],
    )
    scale = table(["10^6 people", *(each.name for each in ACTIVITIES)], rows(press))
    return f"{before}{BEGIN}\n{cost}\n\n{scale}\n{END}{after}"


@click.command()
@click.option("--record", type=click.Path(path_type=Path), default=KEPT)
def main(record: Path) -> None:
    """Write the tables."""
    press = Press(msgspec.json.decode(record.read_bytes(), type=Record))
    PAGE.write_text(page(PAGE.read_text("utf-8"), press), "utf-8")
    click.echo(table(["10^6 people", *(each.name for each in ACTIVITIES)], rows(press)))


if __name__ == "__main__":
    main()
