"""A question and its answer: bus.ask beside raw nats-py, other frameworks, HTTP and RabbitMQ."""

from benchmarks.harness.description import Benchmark, Goal, Role, Variant
from benchmarks.places import PLACES

OURS, RAW = "Switchboard", "nats-py"
OPERATOR = {"user": "operator"}

ASK = Benchmark(
    name="ask",
    title="A question and its answer",
    work=(
        "A client asks with 256 bytes of JSON, a server in another process answers with a kilobyte "
        "of JSON; both ends decode and check what they get. No telemetry."
    ),
    variants=(
        Variant(
            name=OURS,
            guarantees="an own account for each service; limits checked before sending, too; "
            "answers side by side, with deadlines; a reply of a foreign place is refused",
            client=Role("benchmarks.bus.ours:asking"),
            servers=(Role("benchmarks.bus.ours:answering"),),
        ),
        Variant(
            name=RAW,
            guarantees="the same accounts and headers; one answer after another, no deadline",
            client=Role("benchmarks.peers.raw:asking"),
            servers=(Role("benchmarks.peers.raw:answering"),),
        ),
        Variant(
            name="nats-py, one account",
            guarantees="the same headers; everybody may read and write everything",
            client=Role("benchmarks.peers.raw:asking", OPERATOR),
            servers=(Role("benchmarks.peers.raw:answering", OPERATOR),),
            is_quick=False,
        ),
    ),
    goals=(
        Goal(name="p50 to nats-py", figure="c1 p50", of=OURS, against=RAW,
             sense="at most", bound=1.15),
    ),
    places=PLACES,
    against=RAW,
)  # fmt: skip
