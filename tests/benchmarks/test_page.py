"""docs/performance.md shows what the last run has found, and nothing else."""

from pathlib import Path

from benchmarks.every import every_benchmark
from benchmarks.harness.pages import BEGIN, fill
from benchmarks.harness.record import read_all
from tests.sources import ROOT

PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance"


def test_generated_parts_are_those_of_the_records() -> None:
    page = PAGE.read_text("utf-8")
    # What differs is written anew by: python -m benchmarks --page
    assert fill(page, read_all(KEPT), Path(KEPT.name)) == page


def test_every_benchmark_has_its_place() -> None:
    page = PAGE.read_text("utf-8")
    assert [name for name in every_benchmark() if BEGIN.format(name) not in page] == []


def test_records_are_of_full_runs_with_their_charts() -> None:
    for record in read_all(KEPT):
        assert not record.made.quick
        assert (KEPT / f"{record.name}.png").exists()
