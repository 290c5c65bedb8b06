"""Writes the generated parts of docs/performance.md, between their markers, from the records."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import tables
from benchmarks.harness.record import Record

BEGIN, END = "<!-- generated: {} -->", "<!-- end: {} -->"


def fill(page: str, records: Sequence[Record], pictures: Path) -> str:
    """Return the page with its generated parts new; a part without a record stays empty.

    `pictures` is the directory of charts, as the page refers to it.
    """
    parts = {record.name: _part(record, pictures) for record in records}
    parts |= {"goals": tables.goals(records), "machine": _machine(records)}
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
        said = f"Ratios within repetitions, medians of {times} (lowest-highest):"
        lines += [said, "", tables.ratios(record), ""]
    lines.append(f"![{record.title}]({pictures / record.name}.png)")
    return "\n".join(lines)


def _machine(records: Sequence[Record]) -> str:
    made = {record.name: record.made for record in records}
    facts: dict[str, dict[str, None]] = {}
    for each in made.values():
        for name, value in each.machine.items():
            facts.setdefault(name, {})[value] = None
    versions = {name: version for each in made.values() for name, version in each.versions.items()}
    lines = [f"- {name}: {', '.join(values)}" for name, values in facts.items()]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join([*lines, f"- versions: {named}"])
