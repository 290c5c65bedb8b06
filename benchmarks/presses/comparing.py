"""A press: from the update to the accepted answer, on our bot and on the usual one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.harness.description import Benchmark, Column, Goal, Place, Role, Variant
from benchmarks.presses.measuring import LEVELS, PEOPLE, REST, SATURATED

OURS, USUAL = "Switchboard", "aiogram and asyncpg"
NOWHERE = "nowhere"


@asynccontextmanager
async def nowhere(_: Path) -> AsyncIterator[Place]:
    """Start nothing: each variant starts all that it needs."""
    yield Place({}, {})


PRESSES = Benchmark(
    name="presses",
    title="A press and its answer",
    work=(
        f"{PEOPLE} people look at the menu, at their types, at their documents, send a file, choose"
        " its type and its name, and save it, again and again; a press counts from the update that"
        " is posted to the webhook until the Bot API has accepted the screen that answers it. Two"
        " copies of the bot, every service a process, PostgreSQL, Redis and NATS as shipped. Times"
        " are in milliseconds; the processor time is that of services and servers together, without"
        " what they use at rest. Telegram, and the collector that our spans and lines are sent to,"
        " are others' and not counted; at saturation they take their share of the same cores."
    ),
    variants=(
        Variant(
            name=OURS,
            guarantees="all of docs/guarantees.md; every span and line sent by OTLP, metrics kept,"
            " the bytes of files kept",
            client=Role("benchmarks.presses.roles:pressing_ours"),
            place=NOWHERE,
        ),
        Variant(
            name=USUAL,
            guarantees="the same screens and rows; an update is acknowledged before it is handled,"
            " and lost with its process; a chat's updates have no order; a repeated one is handled"
            " again; a line of its log for each update, no traces, no metrics; bytes of files stay"
            " with Telegram",
            client=Role("benchmarks.presses.roles:pressing_usual"),
            place=NOWHERE,
        ),
    ),
    goals=(
        Goal(name="p50 at 50 a second, ms", figure="at 50 p50", of=OURS, sense="at most", bound=25),
        Goal(name="p99 at 50 a second, ms", figure="at 50 p99", of=OURS, sense="at most", bound=80),
        Goal(
            name="p50 at rest to the usual bot",
            figure=f"{REST} p50",
            of=OURS,
            against=USUAL,
            sense="at most",
            bound=2,
        ),
        Goal(
            name="rate at saturation to the usual bot",
            figure=f"{SATURATED} rate",
            of=OURS,
            against=USUAL,
            sense="at least",
            bound=1,
        ),
        Goal(
            name="CPU of a press, at 100 a second to at 10",
            figure="steepness",
            of=OURS,
            sense="at most",
            bound=1.2,
        ),
    ),
    places={NOWHERE: nowhere},
    against=USUAL,
    levels=LEVELS,
    columns=(
        Column(f"{REST} p50", "p50 at rest, ms", 1),
        Column("at 50 p50", "p50 at 50/s, ms", 1),
        Column("at 50 p99", "p99 at 50/s, ms", 1),
        Column("at 50 save p50", "p50 of saving at 50/s, ms", 1),
        Column(f"{SATURATED} rate", "at saturation, /s"),
        Column("at 10 cpu", "CPU of a press at 10/s, ms", 1),
        Column("at 50 cpu", "at 50/s, ms", 1),
        Column("at 100 cpu", "at 100/s, ms", 1),
        Column("MiB", "services, MiB"),
    ),
    compared=(
        Column(f"{REST} p50", "p50 at rest", 2),
        Column("at 50 p50", "p50 at 50/s", 2),
        Column(f"{SATURATED} rate", "rate at saturation", 2),
        Column("at 50 cpu", "CPU of a press at 50/s", 2),
    ),
    drawn=(
        Column(f"{REST} p50", "p50 at rest, ms"),
        Column(f"{SATURATED} rate", "presses a second at saturation"),
        Column("at 50 cpu", "CPU of a press at 50/s, ms"),
    ),
    repetitions=2,
    warms_up=False,
)
