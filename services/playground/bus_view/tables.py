"""The figures of the bus as rows: partitions added up, times as ages, rates as a line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from services.playground.bus_view.figures import ConsumerFigures, SubjectFigures

_PARTITION = re.compile(r"-\d+$")
LINE_HEIGHT = 20


@dataclass(frozen=True, slots=True)
class ConsumerRow:
    """One consumer, or all partitions of one together."""

    name: str
    partitions: int
    waiting: int
    in_hand: int
    redelivered: int


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """How often a subject was used; rates are per second."""

    subject: str
    total: int
    rate_10_s: float
    rate_1_min: float
    line: str
    """The last minute as points of an SVG polyline, 60 wide and 20 high."""


def consumer_rows(consumers: Iterable[ConsumerFigures]) -> list[ConsumerRow]:
    """Consumers by name, whose partitions stand in one row."""
    ordered = sorted(consumers, key=_without_partition)
    return [_added_up(name, list(group)) for name, group in groupby(ordered, _without_partition)]


def _without_partition(consumer: ConsumerFigures) -> str:
    return _PARTITION.sub("", consumer.name)


def _added_up(name: str, group: Sequence[ConsumerFigures]) -> ConsumerRow:
    return ConsumerRow(
        name=name,
        partitions=len(group),
        waiting=sum(consumer.num_pending for consumer in group),
        in_hand=sum(consumer.num_ack_pending for consumer in group),
        redelivered=sum(consumer.num_redelivered for consumer in group),
    )


def subject_rows(subjects: Iterable[SubjectFigures]) -> list[SubjectRow]:
    """Subjects, those used in the last minute first."""
    rows = [_subject_row(figures) for figures in subjects]
    return sorted(rows, key=lambda row: (row.rate_1_min == 0, row.subject))


def _subject_row(figures: SubjectFigures) -> SubjectRow:
    seconds = figures.last_minute
    highest = max(seconds, default=0) or 1
    points = [
        f"{place},{LINE_HEIGHT - 1 - (LINE_HEIGHT - 2) * count / highest:.1f}"
        for place, count in enumerate(seconds)
    ]
    return SubjectRow(
        subject=figures.subject,
        total=figures.total,
        rate_10_s=sum(seconds[-10:]) / 10,
        rate_1_min=sum(seconds) / 60,
        line=" ".join(points),
    )


def age(moment: datetime | None) -> str:
    """How long ago it was, in the largest unit that fits."""
    if moment is None:
        return "–"
    seconds = max((datetime.now(UTC) - moment).total_seconds(), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def rate(per_second: float) -> str:
    """A rate as it is read; nothing at all is a dash."""
    if per_second == 0:
        return "–"
    return f"{per_second:.2f}/s" if per_second < 1 else f"{per_second:.1f}/s"
