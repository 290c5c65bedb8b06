"""A durable command with a commit: the real `add_document`, beside FastAPI with asyncpg and ORM."""

from benchmarks.commands.ours import TELEMETRY
from benchmarks.commands.place import DEFAULT_SYNC, PLACES, SHIPPED
from benchmarks.harness.description import (
    COLUMNS,
    Benchmark,
    Column,
    Goal,
    Level,
    Role,
    Variant,
    at_most,
    rate_at_least,
)

OURS, TOLD = "Switchboard", "Switchboard, all telemetry"
SOMETIMES = "Switchboard, NATS's default fsync"
ASYNCPG, ORM = "FastAPI, asyncpg", "FastAPI, SQLAlchemy ORM"
_PROMISES = (
    "accepted before it is done, and done for certain; effect exactly once; a late outcome is told;"
    " events to everybody; retries, dead letters, deadlines"
)
_HTTP = (
    "a repeated request is refused by its id; what is asked while the service or the database is"
    " away is lost, nobody else hears of it, and whoever hangs up never learns the outcome"
)


def _ours(name: str, place: str, guarantees: str, *, telemetry: bool, is_quick: bool) -> Variant:
    options = {TELEMETRY: True} if telemetry else {}
    return Variant(
        name=name,
        guarantees=guarantees,
        client=Role("benchmarks.commands.ours:adding", options),
        servers=(Role("benchmarks.commands.ours:storing", options),),
        place=place,
        is_quick=is_quick,
    )


def _http(name: str, server: str) -> Variant:
    return Variant(
        name=name,
        guarantees=_HTTP,
        client=Role("benchmarks.peers.documents:adding"),
        servers=(Role(f"benchmarks.peers.documents:{server}"),),
        place=SHIPPED,
        needs=("fastapi", "uvicorn"),
    )


def _rate(of: str, against: str, bound: float, *, is_stretch: bool = False) -> Goal:
    name = f"rate at 128 of {of} to {against}"
    return rate_at_least(name, of, against, bound, is_stretch=is_stretch)


COMMANDS = Benchmark(
    name="commands",
    title="A durable command that ends in a commit",
    work=(
        "A document is added: type, file, name, content and quota are checked; document, version,"
        " file, claim and what was said are written, in PostgreSQL as shipped (each commit on the"
        " disk). Ours is the real command, executed by a client as the bot does it, in a storage"
        " process as it is deployed, which handles the events of it, too: its processor time is"
        " counted until it has. Without telemetry means OTEL_SDK_DISABLED and lines from WARNING,"
        " metrics are kept. The others do the same checks and rows in one transaction a request, on"
        " 8 connections like storage's."
    ),
    variants=(
        _ours(
            OURS,
            SHIPPED,
            f"power may fail: NATS, too, has each write on the disk; {_PROMISES}",
            telemetry=False,
            is_quick=True,
        ),
        _ours(
            TOLD,
            SHIPPED,
            "the same; every span and line of bot and storage sent by OTLP",
            telemetry=True,
            is_quick=False,
        ),
        _ours(
            SOMETIMES,
            DEFAULT_SYNC,
            "a power cut may lose what NATS took in the last two minutes; else the same",
            telemetry=False,
            is_quick=False,
        ),
        _http(ASYNCPG, "by_asyncpg"),
        _http(ORM, "by_orm"),
    ),
    goals=(
        _rate(OURS, ASYNCPG, 1.2),
        _rate(OURS, ASYNCPG, 3, is_stretch=True),
        _rate(OURS, ORM, 5),
        _rate(OURS, ORM, 15, is_stretch=True),
        at_most(f"p50 to {ASYNCPG}", "c1 p50", OURS, ASYNCPG, 2),
        _rate(SOMETIMES, ASYNCPG, 4),
        _rate(SOMETIMES, ORM, 15),
    ),
    places=PLACES,
    against=ASYNCPG,
    levels=(Level("c1", 1, 2000, 1.5), Level("c128", 128, 16000, 3.0)),
    columns=(
        *(each for each in COLUMNS if not each.figure.startswith("c16")),
        Column("c128 cpu database", "database, µs", 1),
        Column("c128 whole rate", "until events are handled, too, /s"),
    ),
    compared=(
        Column("c1 p50", "p50 one by one", 2),
        Column("c128 rate", "rate, 128 at once", 2),
        Column("c128 cpu", "CPU of client and server at 128", 2),
    ),
    drawn=(Column("c1 p50", "p50 one by one, µs"), Column("c128 rate", "128 at once, /s")),
    repetitions=3,
    quick_repetitions=1,
)
