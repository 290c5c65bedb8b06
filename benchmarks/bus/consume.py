"""Consuming and acknowledging: how many messages a second one process takes from a stream."""

from benchmarks.harness.description import Benchmark, Column, Goal, Level, Role, Variant
from benchmarks.places import DEFAULT_SYNC, PLACES

WORKER, PULL_LOOP = "Switchboard, worker", "Switchboard, pull loop"
CONTINUOUS, FETCH, FASTSTREAM = "nats-py, continuous pull", "nats-py, fetch(64)", "FastStream, pull"

_RATE = Column("drain rate", "messages/s")
_CPU = Column("drain cpu client", "CPU of the consumer, µs a message", 1)


def _goal(name: str, of: str, bound: float, against: str = "") -> Goal:
    return Goal(
        name=name, figure=_RATE.figure, of=of, against=against, sense="at least", bound=bound
    )


CONSUME = Benchmark(
    name="consume",
    title="Consuming and acknowledging",
    work=(
        "One process takes events of 256 bytes, with their headers, from a stream that was filled "
        "before, decodes, checks and acknowledges them. Each is acknowledged in the end, which is "
        "looked at. The broker has the other core."
    ),
    variants=(
        Variant(
            name=WORKER,
            guarantees="whole layer of a service: headers read, typed handler with a deadline, "
            "heartbeat, retries, dead letters, slots for each app, metrics, trace; as many ready "
            "at once as in `execute`",
            client=Role("benchmarks.bus.consuming:by_worker"),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=PULL_LOOP,
            guarantees="the layer below: prefetch with recovery, side by side, in hand until "
            "settled; payload decoded",
            client=Role("benchmarks.bus.consuming:by_pull_loop"),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=CONTINUOUS,
            guarantees="the client's layer: a callback, one after another; stops for good when a "
            "pull is lost",
            client=Role("benchmarks.peers.raw_streams:by_continuous_pull"),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=FETCH,
            guarantees="the client's layer: one after another",
            client=Role("benchmarks.peers.raw_streams:by_fetch"),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=FASTSTREAM,
            guarantees="whole layer of a service: typed handler; acknowledged when it returns",
            client=Role("benchmarks.peers.fast_stream:by_pull"),
            place=DEFAULT_SYNC,
            needs=("faststream",),
        ),
    ),
    goals=(
        _goal("rate of the pull loop", PULL_LOOP, 60_000),
        _goal("rate of the worker", WORKER, 60_000),
        _goal("rate of the pull loop to FastStream", PULL_LOOP, 6, FASTSTREAM),
        _goal("rate of the worker to FastStream", WORKER, 6, FASTSTREAM),
    ),
    places=PLACES,
    against=FASTSTREAM,
    levels=(Level("drain", 1, 20_000, 5.0),),
    columns=(_RATE, _CPU, Column("drain cpu broker", "of the broker, µs", 1)),
    compared=(Column(_RATE.figure, _RATE.heading, 2), Column(_CPU.figure, "CPU", 2)),
    drawn=(_RATE, _CPU),
)
