"""Whether goals are met, by the medians of what was measured within repetitions."""

import statistics
from dataclasses import dataclass

from benchmarks.harness.description import Goal
from benchmarks.harness.record import Record

PASS, MISS = "pass", "miss"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a goal; where nothing was measured `verdict` says why."""

    goal: Goal
    verdict: str
    values: list[float]


def judge(record: Record) -> list[Judgement]:
    """Judge every goal of a benchmark."""
    return [_judge(goal, record) for goal in record.goals]


def _judge(goal: Goal, record: Record) -> Judgement:
    if goal.against:
        values = record.ratios(goal.of, goal.against, goal.figure)
    else:
        values = record.values(goal.of, goal.figure)
    if not values:
        return Judgement(goal, _why_not(goal, record), values)
    middle = statistics.median(values)
    is_met = middle <= goal.bound if goal.sense == "at most" else middle >= goal.bound
    return Judgement(goal, PASS if is_met else MISS, values)


def _why_not(goal: Goal, record: Record) -> str:
    absent = {variant.name: variant.absent for variant in record.variants}
    reasons = [absent[name] for name in (goal.of, goal.against) if absent.get(name)]
    return reasons[0] if reasons else "not measured"


def spread(values: list[float], digits: int) -> str:
    """Return the median, with the lowest and the highest of several."""
    middle = f"{statistics.median(values):,.{digits}f}"
    if len(values) < 2:
        return middle
    return f"{middle} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"
