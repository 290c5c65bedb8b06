"""The table at the end of a run, and the record as JSON."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.doubles import at_most
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed, Ledger
from tests.faults.quiet import Quiet
from tests.faults.verdict import Verdict

HEADINGS = ("fault", "times", "in flight", "lost", "doubled", "at most", "slowest recovery")


@dataclass(frozen=True)
class Outcome:
    """A run and what it came to."""

    seed: int
    seconds: float
    ledger: Ledger
    injuries: Sequence[Injury]
    quiet: Quiet
    verdict: Verdict
    facts: dict[str, Any]
    reminders: Mapping[str, int] = field(default_factory=dict)
    """How many were due, and how many of them were not told, by reason."""
    mailings: int = 0
    mailed: Mapping[str, int] = field(default_factory=dict)
    """How many recipients there were, and how many ended in which way."""

    @property
    def is_good(self) -> bool:
        """Whether every invariant held."""
        return not self.verdict.broken


@dataclass
class Line:
    """One line of the table."""

    times: int = 0
    in_flight: int = 0
    lost: int = 0
    doubled: int = 0
    at_most: int = 0
    """How many may be doubled."""
    recovery: float = 0.0


def table(outcome: Outcome) -> dict[str, Line]:
    """Return the lines by fault."""
    lines: defaultdict[str, Line] = defaultdict(Line)
    told = [*outcome.ledger.deeds, *outcome.verdict.reminders]
    for injury in sorted(outcome.injuries, key=lambda each: each.fault.name):
        line = lines[injury.fault.name]
        line.times += 1
        line.in_flight += injury.in_flight
        line.at_most += at_most(injury, told)
        line.recovery = max(line.recovery, injury.recovery)
    for deed in outcome.verdict.lost:
        lines[_cause(deed, outcome.injuries)].lost += 1
    for _, fault in outcome.verdict.doubled_on_screen:
        lines[fault].doubled += 1
    return dict(lines)


def in_words(outcome: Outcome) -> str:
    """Return the whole report as text."""
    ledger, verdict = outcome.ledger, outcome.verdict
    kinds = Counter(deed.kind for deed in ledger.deeds)
    late = sum(deed.accepted for deed in ledger.deeds)
    words = [
        _table_in_words(outcome),
        "",
        f"seed {outcome.seed}, {outcome.seconds:.0f} s: {len(ledger.deeds)} commands of people"
        f" ({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}),"
        f" {late} of them late",
        _counts("reminders", outcome.reminders),
        _counts(f"mailings: {outcome.mailings}, their recipients", outcome.mailed),
        _counts("told twice of a mailing", Counter(fault for _, fault in verdict.mailed_twice)),
        f"effects: {len(verdict.lost)} lost, {len(verdict.doubled_effects)} doubled;"
        f" endings shown twice: {len(verdict.doubled_on_screen)}",
        f"quiet {outcome.quiet.seconds:.1f} s after the last fault"
        f" (allowed: {outcome.quiet.allowed:.0f} s)",
        *(f"{name}: {value}" for name, value in outcome.facts.items()),
    ]
    if outcome.is_good:
        return "\n".join([*words, "every invariant holds"])
    return "\n".join([*words, f"{len(verdict.broken)} BROKEN:", *map(_item, verdict.broken)])


def write(outcome: Outcome, file: Path) -> None:
    """Write the record."""
    record = {
        "seed": outcome.seed,
        "seconds": outcome.seconds,
        "table": {name: asdict(line) for name, line in table(outcome).items()},
        "broken": outcome.verdict.broken,
        "quiet": asdict(outcome.quiet),
        "facts": outcome.facts,
        "astray": outcome.ledger.astray,
        "faults": [
            {"fault": str(each.fault), "began": each.began, "healed": each.healed}
            for each in outcome.injuries
        ],
        "reminders": dict(outcome.reminders),
        "mailed": dict(outcome.mailed),
        "mailed twice": [(asdict(deed), why) for deed, why in outcome.verdict.mailed_twice],
        "deeds": [asdict(deed) for deed in outcome.ledger.deeds],
    }
    file.write_text(json.dumps(record, indent=1, default=str) + "\n", encoding="utf-8")


def _table_in_words(outcome: Outcome) -> str:
    lines = table(outcome)
    rows = [(name, *astuple(line)[:-1], f"{line.recovery:.1f} s") for name, line in lines.items()]
    cells = [HEADINGS, *(tuple(map(str, row)) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    texts = [
        " | ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    return "\n".join([texts[0], "-+-".join("-" * width for width in widths), *texts[1:]])


def _counts(what: str, counts: Mapping[str, int]) -> str:
    return f"{what}: {', '.join(f'{count} {name}' for name, count in counts.items()) or 'none'}"


def _cause(deed: Deed, injuries: Sequence[Injury]) -> str:
    """Return the last fault that had begun when a deed was under way."""
    before = [injury for injury in injuries if injury.began < deed.at + 10]
    return before[-1].fault.name if before else "no fault"


def _item(text: str) -> str:
    return f"  - {text}"
