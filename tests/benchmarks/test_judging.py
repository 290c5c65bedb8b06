"""Goals are judged by medians of what was measured within repetitions."""

import pytest

from benchmarks.harness.description import Column, Goal, Sense
from benchmarks.harness.judging import MISS, PASS, judge
from benchmarks.harness.record import Made, Record, RecordedVariant
from benchmarks.harness.tables import goals, ratios

RATE = Column("c128 rate", "rate", 2)
REPETITIONS: list[dict[str, dict[str, float]]] = [
    {"ours": {"c128 rate": 30.0}, "theirs": {"c128 rate": 10.0}},
    {"ours": {"c128 rate": 10.0}, "theirs": {"c128 rate": 10.0}},
    {"ours": {"c128 rate": 20.0}, "theirs": {"c128 rate": 10.0}},
    {"ours": {"c128 rate": 900.0}},  # theirs failed: there is no pair
]


def goal(against: str, sense: Sense, bound: float) -> Goal:
    """Return a goal of the rate of ours."""
    return Goal(
        name="rate", figure="c128 rate", of="ours", against=against, sense=sense, bound=bound
    )


def record(*wanted: Goal) -> Record:
    """Return what a run found, with these goals."""
    return Record(
        name="some",
        title="Some",
        work="Work.",
        variants=[
            RecordedVariant("ours", "all"),
            RecordedVariant("theirs", "less"),
            RecordedVariant("nobody's", "nothing", absent="it is not installed"),
        ],
        goals=list(wanted),
        against="theirs",
        columns=[RATE],
        compared=[RATE],
        drawn=[RATE],
        made=Made(machine={}, versions={}, quick=False),
        repetitions=REPETITIONS,
    )


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (goal("theirs", "at least", 2.0), PASS),
        (goal("theirs", "at least", 2.1), MISS),
        (goal("theirs", "at most", 2.0), PASS),
        (goal("theirs", "at most", 1.9), MISS),
        (goal("", "at least", 25.0), PASS),
        (goal("", "at most", 24.0), MISS),
        (goal("nobody's", "at most", 1.0), "it is not installed"),
        (goal("who", "at most", 1.0), "not measured"),
    ],
)
def test_the_median_decides(wanted: Goal, verdict: str) -> None:
    (judged,) = judge(record(wanted))
    assert judged.verdict == verdict


def test_tables_show_medians_with_their_spread() -> None:
    found = record(goal("theirs", "at least", 2.1))
    assert "2.00 (1.00-3.00)" in ratios(found)
    last = goals([found]).splitlines()[-1]
    assert [cell.strip() for cell in last.strip("|").split("|")] == [
        "some: rate",
        "at least 2.1x",
        "2.00 (1.00-3.00)",
        "miss",
    ]
