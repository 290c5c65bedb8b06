"""Draws what was measured, by matplotlib of the dependency group `bench`."""

import statistics
from pathlib import Path
from typing import Any

from benchmarks.harness.description import Column
from benchmarks.harness.record import Record

INCHES_WIDE, INCHES_A_BAR, INCHES_MORE, DOTS = 11.0, 0.32, 1.1, 100
OURS, OTHERS = "#2563eb", "#94a3b8"


def draw(record: Record, directory: Path) -> bool:
    """Write `<name>.png`, a bar each variant; return whether matplotlib is there to do it."""
    try:
        import matplotlib  # of a group that is not installed with the rest
    except ImportError:
        return False
    matplotlib.use("Agg")
    from matplotlib import pyplot  # chooses its way to draw when imported

    names = [each.name for each in record.variants if record_has(record, each.name)]
    if not names:
        return True
    figure, axes = pyplot.subplots(
        1,
        len(record.drawn),
        figsize=(INCHES_WIDE, INCHES_A_BAR * len(names) + INCHES_MORE),
        sharey=True,
        squeeze=False,
    )
    for place, column in zip(axes[0], record.drawn, strict=True):
        _draw_bars(place, record, names, column)
    axes[0][0].invert_yaxis()  # for all: the first variant is the uppermost
    figure.suptitle(record.title)
    figure.tight_layout()
    figure.savefig(directory / f"{record.name}.png", dpi=DOTS)
    pyplot.close(figure)
    return True


def record_has(record: Record, variant: str) -> bool:
    """Whether anything was measured of a variant that charts draw."""
    return any(record.values(variant, column.figure) for column in record.drawn)


def _draw_bars(axes: Any, record: Record, names: list[str], column: Column) -> None:
    values = [record.values(name, column.figure) or [0.0] for name in names]
    middles = [statistics.median(each) for each in values]
    below = [middle - min(each) for middle, each in zip(middles, values, strict=True)]
    above = [max(each) - middle for middle, each in zip(middles, values, strict=True)]
    colors = [OURS if name.startswith("Switchboard") else OTHERS for name in names]
    axes.barh(names, middles, xerr=[below, above], color=colors, capsize=2)
    axes.bar_label(axes.containers[-1], [f" {middle:,.0f}" for middle in middles], fontsize=8)
    axes.set_title(column.heading, fontsize=10)
    axes.margins(x=0.18)  # for what is written beside the bars
