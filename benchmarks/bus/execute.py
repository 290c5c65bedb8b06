"""A durable command and its outcome, without a database: bus.execute beside what is like it."""

from benchmarks.bus.ours import HANDLERS_AT_ONCE, READY_AT_ONCE
from benchmarks.harness.description import Benchmark, Role, Variant, at_most, rate_at_least
from benchmarks.places import AS_SHIPPED, DEFAULT_SYNC, PLACES
from bus.hand import READY_AT_ONCE as USUAL
from bus.topology import MAX_IN_HAND

OURS, SHIPPED = "Switchboard", "Switchboard, each write on disk"
REQUEST = "nats-py, request and reply"
BARE, SAME = "nats-py, durable", "nats-py, same steps"
FASTSTREAM, TASKIQ = "FastStream, durable", "taskiq-nats"

_TOLD = {"told": True}
_PROMISES = (
    "outcome in a stream before the command is done with, once under its id; retries, dead "
    "letters, deadlines; told late if nobody waits any more"
)


EXECUTE = Benchmark(
    name="execute",
    title="A durable command and its outcome",
    work=(
        "A client puts a command of 256 bytes into a stream and waits for its outcome of a "
        "kilobyte; a worker in another process takes it, does nothing, and answers. The stream is "
        "a file; NATS has it written to the disk every two minutes, its default, but where a row "
        "says otherwise. No telemetry. Our worker is like storage's, without a database and the "
        f"groups that share one: {READY_AT_ONCE} ready at once (services without groups have "
        f"{USUAL}), {HANDLERS_AT_ONCE} of them handled, up to {MAX_IN_HAND} in hand."
    ),
    variants=(
        Variant(
            name=OURS,
            guarantees=_PROMISES,
            client=Role("benchmarks.bus.ours:executing"),
            servers=(Role("benchmarks.bus.ours:working"),),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=REQUEST,
            guarantees="nothing is kept: lost with the broker or the server",
            client=Role("benchmarks.peers.raw:asking"),
            servers=(Role("benchmarks.peers.raw:answering"),),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=SAME,
            guarantees="the same accounts, headers and writes: outcome into a stream under its id, "
            "then offered; no retries, no deadline, no recovery",
            client=Role("benchmarks.peers.raw_streams:executing"),
            servers=(Role("benchmarks.peers.raw_streams:working", _TOLD),),
            place=DEFAULT_SYNC,
        ),
        Variant(
            name=BARE,
            guarantees="the command is kept, its outcome is not: lost if nobody waits any more",
            client=Role("benchmarks.peers.raw_streams:executing"),
            servers=(Role("benchmarks.peers.raw_streams:working"),),
            place=DEFAULT_SYNC,
            is_quick=False,
        ),
        Variant(
            name=FASTSTREAM,
            guarantees="the command is kept, its outcome is not: lost if nobody waits any more",
            client=Role("benchmarks.peers.fast_stream:asking", {"durable": True}),
            servers=(Role("benchmarks.peers.fast_stream:working"),),
            place=DEFAULT_SYNC,
            needs=("faststream",),
        ),
        Variant(
            name=TASKIQ,
            guarantees="command and result are kept; the result is looked for every 10 ms",
            client=Role("benchmarks.peers.task_queue:executing"),
            servers=(Role("benchmarks.peers.task_queue:working"),),
            place=DEFAULT_SYNC,
            needs=("taskiq_nats",),
            is_quick=False,
        ),
        Variant(
            name=SHIPPED,
            guarantees=f"as installed: power may fail; {_PROMISES}",
            client=Role("benchmarks.bus.ours:executing"),
            servers=(Role("benchmarks.bus.ours:working"),),
            place=AS_SHIPPED,
        ),
        Variant(
            name=f"{SAME}, each write on disk",
            guarantees="power may fail; else as that row",
            client=Role("benchmarks.peers.raw_streams:executing"),
            servers=(Role("benchmarks.peers.raw_streams:working", _TOLD),),
            place=AS_SHIPPED,
            is_quick=False,
        ),
    ),
    goals=(
        at_most("p50 to nats-py with the same steps", "c1 p50", OURS, SAME, 1.15),
        at_most("CPU at 128 to nats-py with the same steps", "c128 cpu", OURS, SAME, 1.3),
        at_most("rate at 128, nats-py's with the same steps to ours", "c128 rate", SAME, OURS, 1.3),
        rate_at_least("rate at 128 to nats-py with the same steps", OURS, SAME, 1, is_stretch=True),
        at_most("p50 to request and reply", "c1 p50", OURS, REQUEST, 1.6),
        at_most("p50 with each write on disk, to request and reply", "c1 p50", SHIPPED, REQUEST, 3),
        rate_at_least("rate at 128 to FastStream's durable request", OURS, FASTSTREAM, 3),
    ),
    places=PLACES,
    against=REQUEST,
)
