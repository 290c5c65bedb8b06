"""Latency of what is asked and done most, from 10 people to 10 000, from 10^3 documents to 10^6."""

from benchmarks.growth.roles import ACTS, LEVELS
from benchmarks.harness.description import Benchmark, Column, Goal, Role, Variant
from benchmarks.presses.comparing import NOWHERE, nowhere

OURS = "Switchboard"
FLAT = 1.5
"""Times the latency of a thousandth of the data: an index is two pages deeper, and caches hold a
smaller share."""

GROWTH = Benchmark(
    name="growth",
    title="More people, more documents",
    work=(
        "Each person has a hundred documents under four types. Somebody by chance looks at the"
        " types, at the documents under one, at one document, searches, and adds another: what the"
        " handlers of query and storage do in PostgreSQL, as shipped, one after another, medians in"
        " milliseconds. Each act in the grown database has one beside it in another that stays"
        " small: what is judged is the ratio of the two."
    ),
    variants=(
        Variant(
            name=OURS,
            guarantees="flat means found by index: tests/database/test_documents_plans.py",
            client=Role("benchmarks.growth.roles:growing"),
            place=NOWHERE,
            is_quick=False,
        ),
    ),
    goals=tuple(
        Goal(
            name=f"{act}, a thousand times the data",
            figure=f"{LEVELS[-1].name} {act} growth",
            of=OURS,
            sense="at most",
            bound=FLAT,
        )
        for act in ACTS
    ),
    places={NOWHERE: nowhere},
    against="",
    levels=LEVELS,
    columns=tuple(
        Column(f"{level.name} {act}", f"{act}, {level.name}", 2)
        for act in ACTS
        for level in (LEVELS[0], LEVELS[-1])
    ),
    compared=(),
    drawn=tuple(Column(f"{LEVELS[-1].name} {act}", f"{act}, ms") for act in ACTS),
    repetitions=1,
    warms_up=False,
)
