"""Tables in Markdown, which a terminal shows as well as a page."""

from collections.abc import Iterable, Sequence

from benchmarks.harness.description import Column
from benchmarks.harness.judging import MISS, PASS, judge, spread
from benchmarks.harness.record import Record, RecordedVariant

EXACT_BELOW = 100.0


def figures(record: Record) -> str:
    """Return medians of all repetitions, a row each variant."""
    heading = ["variant", *(column.heading for column in record.columns), "what it promises"]
    rows = [_row(record, variant) for variant in record.variants]
    return table(heading, rows)


def _row(record: Record, variant: RecordedVariant) -> list[str]:
    if variant.absent:
        missing = [variant.absent, *[""] * (len(record.columns) - 1)]
        return [variant.name, *missing, variant.guarantees]
    cells = []
    for column in record.columns:
        values = record.values(variant.name, column.figure)
        # Without the spread, which stands with the ratios: the table would be too wide.
        cells.append(spread(values, column.digits).partition(" ")[0] if values else "")
    return [variant.name, *cells, variant.guarantees]


def ratios(record: Record) -> str:
    """Return each variant's figures divided by those of the one they are compared to.

    There is a table for each that others are compared to.
    """
    compared: dict[str, list[list[str]]] = {}
    for variant in record.variants:
        base = variant.against or record.against
        if not variant.absent and variant.name != base:
            cells = [_ratio(record, variant.name, base, column) for column in record.compared]
            compared.setdefault(base, []).append([variant.name, *cells])
    headings = [column.heading for column in record.compared]
    return "\n\n".join(table([f"to {base}", *headings], rows) for base, rows in compared.items())


def _ratio(record: Record, variant: str, base: str, column: Column) -> str:
    values = record.ratios(variant, base, column.figure)
    return spread(values, column.digits) if values else ""


def goals(records: Iterable[Record]) -> str:
    """Return every goal with what was measured, and whether it is met."""
    rows = []
    for record in records:
        for judged in judge(record):
            goal = judged.goal
            rows.append(
                [
                    f"{record.name}: {goal.name}" + (" (stretch)" if goal.is_stretch else ""),
                    f"{goal.sense} {goal.bound:g}" + ("x" if goal.against else ""),
                    spread(judged.values, _digits(judged.values)) if judged.values else "",
                    judged.verdict,
                ]
            )
    return table(["goal", "bound", "measured (lowest-highest)", "verdict"], rows)


def met(records: Iterable[Record]) -> str:
    """Return in a sentence how many goals are met, and of how many; stretch goals by themselves."""
    verdicts: dict[bool, list[str]] = {False: [], True: []}
    for record in records:
        for judged in judge(record):
            verdicts[judged.goal.is_stretch].append(judged.verdict)
    goals, stretch = verdicts[False], verdicts[True]
    said = f"{goals.count(PASS)} of {len(goals)} goals are met"
    if stretch:
        said += f", and {stretch.count(PASS)} of {len(stretch)} that are a stretch"
    unmeasured = sum(verdict not in (PASS, MISS) for verdict in goals + stretch)
    return said + (f"; {unmeasured} could not be measured." if unmeasured else ".")


def _digits(values: Sequence[float]) -> int:
    return 2 if max(values) < EXACT_BELOW else 0


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown whose columns are aligned."""
    widths = [max(map(len, cells)) for cells in zip(heading, *rows, strict=True)]
    lines = [heading, ["-" * width for width in widths], *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in lines
    )
