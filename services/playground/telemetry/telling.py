"""A trace as text, for who has its id and a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime

from services.playground.telemetry.records import LogLine
from services.playground.telemetry.store import Trace
from services.playground.telemetry.waterfall import Row, Waterfall, duration, waterfall, words

DISTANCE = "  "
HIDDEN_FIELDS = frozenset({"exception"})
"""A stack is longer than a line: it is in what the service writes."""


def told(trace: Trace, *, attributes: bool = False) -> str:
    """Return its spans, each below its cause, and its log lines; with all attributes if asked."""
    drawn = waterfall(trace)
    lines = [_heading(drawn)]
    for row in drawn.rows:
        lines.append(_span(row))
        lines += _attributes(row) if attributes else []
    lines += [_line(after, line) for after, line in drawn.lines]
    return "\n".join(lines) + "\n"


def _heading(drawn: Waterfall) -> str:
    begun = datetime.fromtimestamp(drawn.start / 1e9, UTC).isoformat(timespec="milliseconds")
    said = begun.replace("+00:00", "Z")
    if not drawn.rows:  # it was not sampled
        speakers = dict.fromkeys(line.service for _, line in drawn.lines)
        return f"{drawn.trace_id} {said} no spans, lines of {', '.join(speakers)}"
    return f"{drawn.trace_id} {said} took {duration(drawn.took)}, {', '.join(drawn.services)}"


def _span(row: Row) -> str:
    notes = [f"FAILED {row.error}".strip()] if row.span.failed else []
    notes += [*row.notes, *(f"linked to {trace}" for trace in dict.fromkeys(row.span.links))]
    said = f"{row.span.service} {row.span.name}{''.join(f', {note}' for note in notes)}"
    return f"{_times(row.after, row.took)}{DISTANCE * (row.depth + 1)}{said}"


def _attributes(row: Row) -> Iterator[str]:
    margin = " " * len(_times(0, 0)) + DISTANCE * (row.depth + 3)
    return (f"{margin}{name} = {_in_a_line(said)}" for name, said in row.attributes)


def _line(after: int, line: LogLine) -> str:
    fields = (
        f" {name}={_in_a_line(words(said))!r}"
        for name, said in sorted(line.fields.items())
        if name not in HIDDEN_FIELDS
    )
    return f"{_times(after)}{DISTANCE}{line.service} {line.level} {line.event}{''.join(fields)}"


def _in_a_line(said: str) -> str:
    return " ".join(said.split())


def _times(after: int, took: int | None = None) -> str:
    return f"{duration(after):>9}{'' if took is None else duration(took):>9}"
