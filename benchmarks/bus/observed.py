"""A question and its answer with all telemetry on, beside others that tell as much."""

from benchmarks.harness.description import Benchmark, Goal, Role, Variant, rate_at_least
from benchmarks.places import HTTP, PLACES

ALL, FEW = 1.0, 0.01
"""Shares of traces that are recorded."""
OURS, FASTSTREAM, FASTAPI = "Switchboard", "FastStream", "FastAPI, aiohttp"
BY_HAND = f"{FASTAPI}, by hand"
_OF_FASTAPI = "client and server spans, metrics of both, a line of structlog for each answer"

_BY_PACKAGE = "the server's by OpenTelemetry's own package, the client's by hand"


def _name(who: str, sampled: float) -> str:
    return f"{who}, {sampled:.0%}"


def _variants(sampled: float) -> tuple[Variant, ...]:
    options, against = {"sampled": sampled}, _name(FASTSTREAM, sampled)
    return (
        Variant(
            name=_name(OURS, sampled),
            against=against,
            guarantees="client and server spans, metrics of both, a line for each answer; failures "
            "recorded whatever the share; secrets and people masked",
            client=Role("benchmarks.bus.ours:asking", options),
            servers=(Role("benchmarks.bus.ours:answering", options),),
        ),
        Variant(
            name=_name(FASTSTREAM, sampled),
            against=against,
            guarantees="its own Telemetry and Prometheus middlewares at both ends, its own log: "
            "two lines for each answer",
            client=Role("benchmarks.peers.fast_stream:asking", options),
            servers=(Role("benchmarks.peers.fast_stream:answering", options),),
            needs=("faststream",),
        ),
        Variant(
            name=_name(FASTAPI, sampled),
            against=against,
            guarantees=f"{_OF_FASTAPI}: {_BY_PACKAGE}",
            client=Role("benchmarks.peers.observed_http:asking", options),
            servers=(Role("benchmarks.peers.observed_http:fastapi", options),),
            place=HTTP,
            needs=("fastapi", "uvicorn", "opentelemetry.instrumentation"),
        ),
        Variant(
            name=_name(BY_HAND, sampled),
            against=against,
            guarantees=f"{_OF_FASTAPI}, by an ASGI middleware of thirty lines",
            client=Role("benchmarks.peers.observed_http:asking", options),
            servers=(Role("benchmarks.peers.observed_http:fastapi_by_hand", options),),
            place=HTTP,
            needs=("fastapi", "uvicorn"),
            is_quick=False,
        ),
    )


def _goals(sampled: float, bound: float) -> tuple[Goal, ...]:
    return tuple(
        rate_at_least(
            f"rate at 128 to {peer}, {sampled:.0%} of traces",
            _name(OURS, sampled),
            _name(peer, sampled),
            bound,
        )
        for peer in (FASTSTREAM, FASTAPI)
    )


OBSERVED = Benchmark(
    name="observed",
    title="A question and its answer, with all telemetry",
    work=(
        "As `ask`, with spans of all traces or of one in a hundred, metrics and log lines. Spans "
        "are exported to nobody; lines go to a file. Compared is with whoever records the same "
        "share of traces."
    ),
    variants=(*_variants(ALL), *_variants(FEW)),
    goals=(*_goals(ALL, 3.5), *_goals(FEW, 5)),
    places=PLACES,
    against=_name(FASTSTREAM, ALL),
)
