"""Tables in Markdown, which a terminal shows as well as a page."""

from collections.abc import Iterable, Sequence

from benchmarks.harness.description import Column
from benchmarks.harness.judging import judge, spread
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
    """Return each variant's figures divided by those of the one they are compared to."""
    heading = [f"to {record.against}", *(column.heading for column in record.compared)]
    rows = [
        [variant.name, *(_ratio(record, variant.name, column) for column in record.compared)]
        for variant in record.variants
        if not variant.absent and variant.name != record.against
    ]
    return table(heading, rows)


def _ratio(record: Record, variant: str, column: Column) -> str:
    values = record.ratios(variant, record.against, column.figure)
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
