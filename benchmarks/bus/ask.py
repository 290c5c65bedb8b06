"""A question and its answer: bus.ask beside raw nats-py, other frameworks, HTTP and RabbitMQ."""

from benchmarks.harness.description import Benchmark, Goal, Role, Variant, at_most, rate_at_least
from benchmarks.places import HTTP, PLACES, RABBITMQ

OURS, RAW = "Switchboard", "nats-py"
FASTSTREAM, FASTAPI, HTTPX = "FastStream", "FastAPI, aiohttp", "FastAPI, httpx"
LITESTAR, AIO_PIKA = "Litestar, aiohttp", "aio-pika, RabbitMQ"
OPERATOR = {"user": "operator"}
NO_DEADLINE = "whoever is in may do everything; no deadline"
ONE_ADDRESS = (
    "whoever reaches the address may ask; the client knows where the server is; no deadline"
)


def _more_than(peer: str, bound: float, *, is_stretch: bool = False) -> Goal:
    return rate_at_least(f"rate at 128 to {peer}", OURS, peer, bound, is_stretch=is_stretch)


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
            guarantees="an account for each service, a deadline for each answer, answers side by "
            "side, limits checked before sending, too, no answer to a foreign place",
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
            guarantees=f"the same headers; {NO_DEADLINE}",
            client=Role("benchmarks.peers.raw:asking", OPERATOR),
            servers=(Role("benchmarks.peers.raw:answering", OPERATOR),),
            is_quick=False,
        ),
        Variant(
            name=FASTSTREAM,
            guarantees=NO_DEADLINE,
            client=Role("benchmarks.peers.fast_stream:asking"),
            servers=(Role("benchmarks.peers.fast_stream:answering"),),
            needs=("faststream",),
        ),
        Variant(
            name=FASTAPI,
            guarantees=ONE_ADDRESS,
            client=Role("benchmarks.peers.http:asking_by_aiohttp"),
            servers=(Role("benchmarks.peers.http:fastapi"),),
            place=HTTP,
            needs=("fastapi", "uvicorn"),
        ),
        Variant(
            name=HTTPX,
            guarantees=ONE_ADDRESS,
            client=Role("benchmarks.peers.http:asking_by_httpx"),
            servers=(Role("benchmarks.peers.http:fastapi"),),
            place=HTTP,
            needs=("fastapi", "uvicorn", "httpx"),
        ),
        Variant(
            name=LITESTAR,
            guarantees=ONE_ADDRESS,
            client=Role("benchmarks.peers.http:asking_by_aiohttp"),
            servers=(Role("benchmarks.peers.http:litestar"),),
            place=HTTP,
            needs=("litestar", "uvicorn"),
            is_quick=False,
        ),
        Variant(
            name=AIO_PIKA,
            guarantees=f"no confirms; {NO_DEADLINE}",
            client=Role("benchmarks.peers.rabbit:asking"),
            servers=(Role("benchmarks.peers.rabbit:answering"),),
            place=RABBITMQ,
            needs=("aio_pika",),
        ),
    ),
    goals=(
        at_most("p50 to nats-py", "c1 p50", OURS, RAW, 1.15),
        at_most("CPU at 128 to nats-py", "c128 cpu", OURS, RAW, 1.3),
        at_most("rate at 128, nats-py's to ours", "c128 rate", RAW, OURS, 1.3),
        _more_than(RAW, 1, is_stretch=True),
        _more_than(FASTSTREAM, 3),
        _more_than(FASTAPI, 4),
        _more_than(AIO_PIKA, 10),
        _more_than(HTTPX, 40),
    ),
    places=PLACES,
    against=RAW,
)
