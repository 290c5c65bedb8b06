"""A trace as a picture in words and numbers: who did what, when, for how long, how often."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.playground.telemetry.records import LogLine, Span, Value
from services.playground.telemetry.store import Trace, touched_messages

DEEPEST = 8
"""Deeper spans are indented no further: the panel is narrow."""
NARROWEST = 0.8
"""Per cent of the width: what took no time is seen all the same."""

FAILED_ATTEMPTS = frozenset({"handler.failed", "dependency.away", "telegram.call_delayed"})
"""What a service says, within the span of a message, of an attempt that it will repeat."""


@dataclass(frozen=True, slots=True)
class Row:
    """One span; `left` and `width` are per cent of the whole trace, times are nanoseconds."""

    span: Span
    depth: int
    left: float
    width: float
    after: int
    """How long after the beginning of the trace it began."""
    lines: tuple[LogLine, ...]
    touched: bool
    """Whether it is the call that sent or changed the chosen message."""

    @property
    def verb(self) -> str:
        """What was done: process, publish, request, telegram, ..."""
        return self.span.name.partition(" ")[0]

    @property
    def what(self) -> str:
        """What it was done with: a subject, or a method of the Bot API."""
        return self.span.name.partition(" ")[2]

    @property
    def took(self) -> int:
        """The span's duration."""
        return self.span.end - self.span.start

    @property
    def notes(self) -> list[str]:
        """What did not go the short way: deliveries and attempts beyond the first."""
        found = []
        delivered = self.span.attributes.get("messaging.nats.num_delivered", 1)
        if isinstance(delivered, int) and delivered > 1:
            found.append(f"delivered {delivered} times")
        repeated = sum(line.event in FAILED_ATTEMPTS for line in self.lines)
        if repeated:
            found.append("1 failed attempt" if repeated == 1 else f"{repeated} failed attempts")
        return found

    @property
    def error(self) -> str:
        """Which error ended a call, where one did."""
        return str(self.span.attributes.get("error.type", "")) if self.span.failed else ""

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """What else the span says."""
        return [(name, words(value)) for name, value in sorted(self.span.attributes.items())]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A whole trace, its rows in the order of cause and time."""

    trace_id: str
    start: int
    took: int
    rows: list[Row]
    lines: list[tuple[int, LogLine]]
    """Log lines, each with its time after the beginning."""

    @property
    def services(self) -> list[str]:
        """Who took part, in the order of appearance."""
        return list(dict.fromkeys(row.span.service for row in self.rows))

    @property
    def errors(self) -> int:
        """How many spans failed."""
        return sum(row.span.failed for row in self.rows)


def waterfall(trace: Trace, message_id: int | None = None) -> Waterfall:
    """Draw a trace; the calls that touched the message are marked."""
    start = trace.start
    took = max([span.end - start for span in trace.spans.values()], default=0)
    said: defaultdict[str, list[LogLine]] = defaultdict(list)
    lines = sorted(trace.lines, key=lambda line: line.time)
    for line in lines:
        said[line.span_id].append(line)

    def row(span: Span, depth: int) -> Row:
        width = max(100 * (span.end - span.start) / max(took, 1), NARROWEST)
        left = 100 * (span.start - start) / max(took, 1)
        return Row(
            span=span,
            depth=min(depth, DEEPEST),
            left=round(min(left, 100 - width), 2),
            width=round(width, 2),
            after=span.start - start,
            lines=tuple(said[span.span_id]),
            touched=message_id in touched_messages(span),
        )

    rows = [row(span, depth) for span, depth in _in_order(trace.spans)]
    return Waterfall(
        trace.trace_id, start, took, rows, [(line.time - start, line) for line in lines]
    )


def _in_order(spans: Mapping[str, Span]) -> Iterator[tuple[Span, int]]:
    """Every span after its parent, siblings by time; without its parent it stands at the margin."""
    children: defaultdict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans.values(), key=lambda span: span.start, reverse=True):
        children[span.parent_id if span.parent_id in spans else ""].append(span)
    waiting = [(span, 0) for span in children[""]]
    while waiting:
        span, depth = waiting.pop()
        yield span, depth
        waiting += [(child, depth + 1) for child in children[span.span_id]]


def words(value: Value) -> str:
    """A value as it is read."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def duration(nanoseconds: int) -> str:
    """A duration as it is read: three digits are enough."""
    milliseconds = nanoseconds / 1e6
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1e3:.2f} s" if milliseconds < 60_000 else _minutes(milliseconds / 1e3)


def _minutes(seconds: float) -> str:
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
