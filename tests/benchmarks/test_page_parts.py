"""The generated parts of the page say what was compared to what, how often, and on what."""

from pathlib import Path

import msgspec

from benchmarks.harness import tables
from benchmarks.harness.description import Column, rate_at_least
from benchmarks.harness.machine import FLUSH, OF_A_RUN, machine
from benchmarks.harness.pages import BEGIN, END, fill
from benchmarks.harness.record import Made, Record, RecordedVariant

RATE = Column("c128 rate", "rate", 2)
FOUND = {
    "ours, all": {"c128 rate": 20.0},
    "theirs, all": {"c128 rate": 10.0},
    "ours, few": {"c128 rate": 90.0},
    "theirs, few": {"c128 rate": 30.0},
}


def record(times: int, about: dict[str, str]) -> Record:
    """Return what a run of so many repetitions found."""
    return Record(
        name="some",
        title="Some",
        work="Work.",
        variants=[
            RecordedVariant("ours, all", ""),
            RecordedVariant("theirs, all", ""),
            RecordedVariant("ours, few", "", against="theirs, few"),
            RecordedVariant("theirs, few", "", against="theirs, few"),
        ],
        goals=[
            rate_at_least("all", "ours, all", "theirs, all", 2),
            rate_at_least("few", "ours, few", "theirs, few", 4),
            rate_at_least("best", "ours, few", "theirs, few", 3, is_stretch=True),
            rate_at_least("more", "ours, all", "who", 1, is_stretch=True),
        ],
        against="theirs, all",
        columns=[RATE],
        compared=[RATE],
        drawn=[RATE],
        made=Made(about, {}, quick=False),
        repetitions=[FOUND] * times,
    )


def part(name: str, found: Record) -> str:
    """Return a generated part of a page of that record alone."""
    return fill(f"{BEGIN.format(name)}\n{END.format(name)}", [found], Path())


def test_each_is_compared_to_the_one_it_names() -> None:
    all_, few = tables.ratios(record(2, {})).split("\n\n")
    assert all_.startswith("| to theirs, all ")
    (row,) = all_.splitlines()[2:]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["ours, all", "2.00 (2.00-2.00)"]
    assert few.startswith("| to theirs, few ")
    (row,) = few.splitlines()[2:]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["ours, few", "3.00 (3.00-3.00)"]


def test_one_repetition_has_no_lowest_and_no_highest() -> None:
    assert "medians of 2 (lowest-highest)" in part("some", record(2, {}))
    assert "lowest" not in part("some", record(1, {}))


def test_a_sentence_counts_the_goals_that_are_met() -> None:
    said = "1 of 2 goals are met, and 1 of 2 that are a stretch; 1 could not be measured."
    assert said in part("goals", record(1, {}))


def test_each_run_has_a_row_and_old_figures_a_gap() -> None:
    before = {"when": "then", "load before": "1.50", "memory": "24 GiB"}
    written = part("machine", record(3, before))
    assert "- memory: 24 GiB" in written
    assert [cell.strip() for cell in written.splitlines()[-2].split("|")[1:-1]] == [
        "some", "then", "", "1.50", "", "3",
    ]  # fmt: skip


def test_variants_of_old_files_name_nobody() -> None:
    old = b'{"name": "ours", "guarantees": "all", "absent": ""}'
    assert msgspec.json.decode(old, type=RecordedVariant).against == ""


def test_the_machine_tells_what_differs_from_run_to_run() -> None:
    about = machine()
    assert set(OF_A_RUN) <= set(about)
    assert float(about[FLUSH].replace(",", "")) >= 0
