"""FastStream on NATS: RPC, a durable request, and pulling; as the operator, whom nothing limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from faststream.nats import JStream, NatsBroker, PullSub
from nats.js.api import RetentionPolicy, StorageType

from benchmarks.bus.consuming import SUBJECT as SUBJECT_OF_EVENTS
from benchmarks.bus.consuming import Counted, Measuring
from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import EVENTS, NOTE
from benchmarks.peers.models import ASKED, Answered, Question, answered
from benchmarks.peers.observed import tracer_provider_of
from switchboard.keys import seed_variable

SUBJECT, STREAM, DURABLE_SUBJECT = "bench.questions", "BENCH", "bench.commands"
MIB = 1024 * 1024
DURABLE = "faststream"
ANSWERED_WITHIN = 5.0


def broker_of(given: Given) -> Any:
    """Return a broker: silent, or with its own telemetry and its log as the options say."""
    more: dict[str, Any] = {"logger": None}
    if "sampled" in given.options:
        from faststream.nats.opentelemetry import NatsTelemetryMiddleware
        from faststream.nats.prometheus import NatsPrometheusMiddleware
        from prometheus_client import CollectorRegistry

        provider = tracer_provider_of(given.options["sampled"])
        telemetry = NatsTelemetryMiddleware(tracer_provider=provider)
        counting = NatsPrometheusMiddleware(registry=CollectorRegistry())
        more = {"middlewares": (telemetry, counting)}
    seed = given.settings[seed_variable("operator")]
    return NatsBroker(given.settings["NATS_URL"], nkeys_seed_str=seed, **more)


async def look_up(question: Question) -> Answered:
    """Answer."""
    return answered(question.key, question.person)


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[None]:
    """Answer requests."""
    broker = broker_of(given)
    broker.subscriber(SUBJECT)(look_up)
    async with _started(broker):
        yield


@asynccontextmanager
async def working(given: Given) -> AsyncIterator[None]:
    """Pull durable requests, and answer them."""
    broker = broker_of(given)
    stream = JStream(
        name=STREAM,
        subjects=[DURABLE_SUBJECT],
        storage=StorageType.FILE,
        retention=RetentionPolicy.WORK_QUEUE,
        max_bytes=64 * MIB,
        declare=True,
    )
    pulling = PullSub(batch_size=64, timeout=5.0)
    broker.subscriber(DURABLE_SUBJECT, stream=stream, durable=DURABLE, pull_sub=pulling)(look_up)
    async with _started(broker):
        yield


@asynccontextmanager
async def asking(given: Given) -> AsyncIterator[Call]:
    """Request with `request`; durably, as the options say, through a stream."""
    options = {"subject": SUBJECT}
    if given.options.get("durable"):
        options = {"subject": DURABLE_SUBJECT, "stream": STREAM}
    broker = broker_of(given)
    async with _started(broker):

        async def call() -> None:
            reply = await broker.request(ASKED, timeout=ANSWERED_WITHIN, **options)
            assert Answered.model_validate(await reply.decode()).note == NOTE

        yield call


@asynccontextmanager
async def by_pull(given: Given) -> AsyncIterator[Measuring]:
    """Consume with a subscriber that pulls."""
    yield Measuring(given, _pulling)


@asynccontextmanager
async def _pulling(given: Given, counted: Counted) -> AsyncIterator[str]:
    async def note(_event: Question) -> None:
        counted.one()

    broker = broker_of(given)
    pulling = PullSub(batch_size=64, timeout=5.0)
    stream = JStream(name=EVENTS.stream, declare=False)
    broker.subscriber(SUBJECT_OF_EVENTS, stream=stream, durable=DURABLE, pull_sub=pulling)(note)
    async with _started(broker):
        yield DURABLE


@asynccontextmanager
async def _started(broker: Any) -> AsyncIterator[None]:
    await broker.start()
    yield
    await asyncio.wait_for(broker.stop(), ANSWERED_WITHIN)
