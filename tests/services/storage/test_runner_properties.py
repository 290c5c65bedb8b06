"""Whatever happens to a message, in whatever order: one effect, and always the same said of it.

Random stories of deliveries, repeats, copies, crashes and failures on a real PostgreSQL and a
real NATS. A failing story is printed with what reproduces it.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from bus.connection import connect
from bus.provision import provision
from bus.publisher import Publisher
from database.engine import engine, session_factory
from services.discovery import consumers
from tests.services.storage.running import HANDLED, SAID, Fate, Kind, Runner, Work

EXAMPLES, STEPS = 8, 20


class Stories(RuleBasedStateMachine):
    """Deliveries in any order, each with a fate of its own."""

    works = Bundle("works")
    run: Callable[[Any], Any]
    """Waits for a coroutine."""
    runner: Runner

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Work] = []

    @rule(target=works, kind=st.sampled_from([*HANDLED]))
    def somebody_publishes(self, kind: Kind) -> Work:
        message_id = f"test-{uuid4().hex}"
        self.all.append((message_id, kind))
        return message_id, kind

    @rule(target=works)
    def an_event_is_heard_by_two(self) -> Any:
        message_id = f"test-{uuid4().hex}"
        both: list[Work] = [(message_id, "note"), (message_id, "count")]
        self.all += both
        return multiple(*both)

    @rule(work=works, fate=st.sampled_from(Fate))
    def it_is_delivered(self, work: Work, fate: Fate) -> None:
        self.run(self.runner.deliver(work, fate))

    @rule(work=works, fates=st.lists(st.sampled_from(Fate), min_size=2, max_size=3))
    def it_is_delivered_to_several_copies_at_once(self, work: Work, fates: list[Fate]) -> None:
        async def deliver() -> None:
            await asyncio.gather(*(self.runner.deliver(work, fate) for fate in fates))

        self.run(deliver())

    @rule(work=consumes(works))
    def it_is_acknowledged(self, work: Work) -> None:
        assert self.run(self.runner.deliver(work, Fate.WELL))
        assert len(self.runner.ids_of(work)) == SAID[work[1]]

    @invariant()
    def an_effect_happens_once_and_with_its_row(self) -> None:
        for work in self.all[-STEPS:]:
            remembered = self.run(self.runner.is_remembered(work))
            expected = int(remembered and work[1] != "refused")
            assert self.run(self.runner.effects(work)) == expected
            assert remembered or not self.runner.ids_of(work), "said, but not done"

    @invariant()
    def what_is_said_again_is_the_same(self) -> None:
        assert all(len(said) == 1 for said in self.runner.said.values())

    def teardown(self) -> None:
        """In the end every message is handled, and everything was said."""
        for work in self.all:
            assert self.run(self.runner.deliver(work, Fate.WELL))
            assert len(self.runner.ids_of(work)) == SAID[work[1]]
            assert self.run(self.runner.effects(work)) == int(work[1] != "refused")


def test_every_message_has_one_effect_and_says_one_thing(migrated: dict[str, str]) -> None:
    with asyncio.Runner() as loop:
        stack = AsyncExitStack()
        runner = loop.run(enter(stack, migrated))

        class Told(Stories):
            run = staticmethod(loop.run)

        Told.runner = runner
        try:
            run_state_machine_as_test(Told, settings=HOW)
        finally:
            loop.run(stack.aclose())


async def enter(stack: AsyncExitStack, environment: dict[str, str]) -> Runner:
    """Connect as storage does."""
    operator = SecretStr(environment["NATS_SEED_OPERATOR"])
    await provision(environment["NATS_URL"], operator, consumers())
    seed = SecretStr(environment["NATS_SEED_STORAGE"])
    link = await stack.enter_async_context(connect(environment["NATS_URL"], "storage", seed))
    pool = engine(environment["DATABASE_URL"], application_name="tests")
    stack.push_async_callback(pool.dispose)
    return Runner(session_factory(pool), Publisher(link, NoOpTracer()))


HOW = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,  # a busy machine is no bug
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
