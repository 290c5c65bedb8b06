"""Writes the generated parts of docs/performance.md, between their markers, from the records."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import tables
from benchmarks.harness.machine import OF_A_RUN
from benchmarks.harness.record import Record

BEGIN, END = "<!-- generated: {} -->", "<!-- end: {} -->"


def fill(page: str, records: Sequence[Record], pictures: Path) -> str:
    """Return the page with its generated parts new; a part without a record stays empty.

    `pictures` is the directory of charts, as the page refers to it.
    """
    parts = {record.name: _part(record, pictures) for record in records}
    parts |= {"goals": _goals(records), "machine": _machine(records)}
    for name in re.findall(BEGIN.format("(.+?)"), page):
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{parts.get(name, 'Not measured yet.')}\n{end}{after}"
    return page


def _part(record: Record, pictures: Path) -> str:
    lines = [record.work, "", tables.figures(record), ""]
    if record.compared:
        times = len(record.repetitions)
        several = f"Ratios within repetitions, medians of {times} (lowest-highest):"
        said = several if times > 1 else "Ratios of the one repetition there was:"
        lines += [said, "", tables.ratios(record), ""]
    lines.append(f"![{record.title}]({pictures / record.name}.png)")
    return "\n".join(lines)


def _goals(records: Sequence[Record]) -> str:
    return f"{tables.met(records)}\n\n{tables.goals(records)}"


def _machine(records: Sequence[Record]) -> str:
    facts: dict[str, dict[str, None]] = {}
    versions: dict[str, str] = {}
    for record in records:
        versions |= record.made.versions
        for name, value in record.made.machine.items():
            if name not in OF_A_RUN:
                facts.setdefault(name, {})[value] = None
    lines = [f"- {name}: {', '.join(values)}" for name, values in facts.items()]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    heading = ["benchmark", *OF_A_RUN, "repetitions"]
    return "\n".join([*lines, f"- versions: {named}", "", tables.table(heading, _runs(records))])


def _runs(records: Sequence[Record]) -> list[list[str]]:
    """Return a row for each; figures of before something was noted have a gap there."""
    return [
        [
            record.name,
            *(record.made.machine.get(name, "") for name in OF_A_RUN),
            str(len(record.repetitions)),
        ]
        for record in records
    ]
