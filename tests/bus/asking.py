"""A query service for tests: its handlers wait for what the test decides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind

from bus import Actor
from bus.discovery import ServiceDescription
from bus.resolver import Resolver
from bus.responder import Responder
from contracts.documents import ListTypes, TypePage
from tests.bus.bench import Bench, router_of
from tests.bus.waiting import eventually, running

SUBJECT = "query.documents.list_types"
EMPTY = TypePage(types=(), total=0)


async def list_types(query: ListTypes, actor: Actor) -> TypePage:
    """Say who asks, as the total."""
    return TypePage(types=(), total=actor.person)


def description() -> ServiceDescription:
    """Return how the service describes itself."""
    return ServiceDescription(name="query", version="1.2.3", description="Answers tests")


def never(_: BaseException) -> bool:
    """Take every failure for a bug."""
    return False


async def responder(
    bench: Bench,
    *functions: Callable[..., Awaitable[Any]],
    is_away: Callable[[BaseException], bool] = never,
) -> Responder:
    """Return a responder of these handlers, not yet running."""
    return Responder(
        link=await bench.another_link("query"),
        tracer=bench.tracer,
        handlers=list(router_of(*functions)),
        resolver=Resolver({}),
        description=description(),
        is_away=is_away,
    )


@asynccontextmanager
async def answering(
    bench: Bench,
    *functions: Callable[..., Awaitable[Any]],
    is_away: Callable[[BaseException], bool] = never,
) -> AsyncIterator[Responder]:
    """Run a query service until the block ends; it answers once the block begins."""
    service = await responder(bench, *functions, is_away=is_away)
    operator = await bench.link("operator")

    async def is_listening() -> bool:
        try:
            await operator.client.request(f"$SRV.PING.query.{service.description.id}", timeout=1)
        except (NatsError, TimeoutError):
            return False
        return True

    async with running(service.run):
        async with asyncio.timeout(60):
            await eventually(is_listening)
        yield service


async def ask_by_hand(bench: Bench, payload: bytes, headers: dict[str, str] | None = None) -> Msg:
    """Ask as `nats req` does."""
    operator = await bench.link("operator")
    return await operator.client.request(SUBJECT, payload, timeout=60, headers=headers)


def trace_of(bench: Bench, reply: Msg) -> str:
    """Return the trace that an answer names, alone and as W3C has it: that of its making."""
    assert reply.headers is not None
    trace = reply.headers["Trace-Id"]
    assert reply.headers["traceparent"].split("-")[1] == trace
    span = bench.spans.get_finished_spans()[-1]
    assert (span.name, span.kind) == (f"process {SUBJECT}", SpanKind.SERVER)
    assert span.context
    assert f"{span.context.trace_id:032x}" == trace
    return trace
