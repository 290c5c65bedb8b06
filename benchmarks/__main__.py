"""Runs the benchmarks and says how the goals stand: `make bench QUICK=1 ONLY=ask,consume`."""

import asyncio
import traceback
from pathlib import Path

import click

from benchmarks.every import every_benchmark
from benchmarks.harness import tables
from benchmarks.harness.charts import draw
from benchmarks.harness.pages import fill
from benchmarks.harness.pairing import SECONDS, measure
from benchmarks.harness.processes import ROOT
from benchmarks.harness.record import read_all, write

PAGE, KEPT, QUICKLY = "docs/performance.md", "docs/performance", ".local/performance"


@click.command()
@click.option("--quick", is_flag=True, help="Fewer repetitions and calls; the page stays as it is.")
@click.option("--only", default="", help="Names of benchmarks, with commas.")
@click.option(
    "--seconds", default=SECONDS, help="No repetition of a benchmark begins after so many of it."
)
@click.option("--page", is_flag=True, help="Measure nothing: write charts and page anew.")
def main(quick: bool, only: str, seconds: float, page: bool) -> None:
    """Measure, print, and write down: to docs/performance, or .local/performance when quick."""
    kept = ROOT / (QUICKLY if quick else KEPT)
    benchmarks = every_benchmark()
    chosen = only.split(",") if only else list(benchmarks)
    if unknown := set(chosen) - set(benchmarks):
        raise click.UsageError(f"there is no {', '.join(unknown)}; there are {list(benchmarks)}")
    records = []
    for name in [] if page else chosen:
        try:
            record = asyncio.run(
                measure(benchmarks[name], quick=quick, seconds=seconds, tell=_tell)
            )
        except Exception:  # noqa: BLE001 # one that cannot be run must not cost the others theirs
            _tell(f"{name} could not be measured:\n{traceback.format_exc()}")
            continue
        write(record, kept)
        records.append(record)
        click.echo(f"\n{record.title}\n{record.work}\n\n{tables.figures(record)}\n")
        click.echo(f"{tables.ratios(record)}\n")
    _write_page(kept, quick=quick)
    judged = records or read_all(kept)
    click.echo(f"{tables.met(judged)}\n\n{tables.goals(judged)}")


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _write_page(kept: Path, *, quick: bool) -> None:
    records = read_all(kept)
    drawn = [draw(record, kept) for record in records]
    if not all(drawn):
        _tell("no charts: matplotlib is not installed")
    if not quick:
        page = ROOT / PAGE
        pictures = kept.relative_to(page.parent)
        page.write_text(fill(page.read_text("utf-8"), records, pictures), "utf-8")


if __name__ == "__main__":
    main()
