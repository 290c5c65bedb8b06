"""taskiq on NATS: a task in a stream, its result in an object store; as the operator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from nats.js.api import RetentionPolicy, StreamConfig
from taskiq import ResultGetError, ResultIsReadyError
from taskiq.api import run_receiver_task
from taskiq_nats import NATSObjectStoreResultBackend, PullBasedJetStreamBroker

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import NOTE
from benchmarks.peers.models import ASKED, Answered, Question, answered
from switchboard.keys import seed_variable

NAME, SUBJECT, TASK = "TASKIQ", "bench.tasks", "do_it"
MIB = 1024 * 1024
LOOKED_EVERY, ANSWERED_WITHIN = 0.01, 30.0


def _broker(given: Given) -> Any:
    url = given.settings["NATS_URL"]
    seed = given.settings[seed_variable("operator")]
    results: Any = NATSObjectStoreResultBackend(url, nkeys_seed_str=seed)
    config = StreamConfig(
        name=NAME, subjects=[SUBJECT], retention=RetentionPolicy.WORK_QUEUE, max_bytes=64 * MIB
    )
    broker: Any = PullBasedJetStreamBroker(
        url,
        subject=SUBJECT,
        stream_name=NAME,
        stream_config=config,
        pull_consume_batch=64,
        pull_consume_timeout=5,
        nkeys_seed_str=seed,
    )
    return broker.with_result_backend(results)


async def do_it(command: Question) -> Answered:
    """Do nothing but say what became of it."""
    return answered(command.key, command.person)


@asynccontextmanager
async def working(given: Given) -> AsyncIterator[None]:
    """Run a receiver of tasks."""
    broker = _broker(given)
    broker.task(task_name=TASK)(do_it)
    await broker.startup()
    running = asyncio.create_task(run_receiver_task(broker))
    yield
    running.cancel()


@asynccontextmanager
async def executing(given: Given) -> AsyncIterator[Call]:
    """Kick tasks, and wait for their results."""
    broker = _broker(given)
    task = broker.task(task_name=TASK)(do_it)
    await broker.startup()

    async def call() -> None:
        kicked = await task.kiq(ASKED)
        result = await _result_of(kicked)
        assert not result.is_err
        assert Answered.model_validate(result.return_value).note == NOTE

    yield call
    await broker.shutdown()


async def _result_of(kicked: Any) -> Any:
    """Wait for it; the object store refuses to be read by very many at once."""
    async with asyncio.timeout(ANSWERED_WITHIN):
        while True:
            try:
                return await kicked.wait_result(check_interval=LOOKED_EVERY)
            except (ResultGetError, ResultIsReadyError):
                await asyncio.sleep(LOOKED_EVERY)
