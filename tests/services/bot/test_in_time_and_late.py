"""Every outcome of every command looks the same whether the bot tells it or, late, the notifier."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Router
from aiogram.types import Message as TelegramMessage
from prometheus_client import CollectorRegistry

from bus import Actor, Envelope
from bus.connection import Link, connect
from bus.encoding import encode
from contracts.base import Command, Event, outcomes_of
from contracts.messages import command_types
from screens import SILENT
from services.bot.conversation import Conversation
from services.bot.dispatching import Dispatch
from services.bot.executing import execute_and_show
from services.notifier.handlers import tell_late
from services.notifier.telling import Teller
from services.settings import OperatorSettings, read_settings
from services.told import Told
from tests.examples import EXAMPLES
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import Talker

ENDINGS = [
    (command, outcome)
    for command in command_types()
    for outcome in outcomes_of(command)
    if outcome not in SILENT
]


def example_of(message_type: type[Any]) -> Any:
    """Return a message as it travels."""
    everything = [example for examples in EXAMPLES.values() for example in examples]
    return next(example for example in everything if type(example) is message_type)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def operator(behind: Backstage) -> AsyncIterator[Link]:
    """In the place of storage and files, which are stopped: somebody who ends every command."""
    settings = read_settings(OperatorSettings)
    for name in ("storage", "files"):
        await behind.services.stop(name)
    try:
        async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
            yield link
            await link.jetstream.purge_stream("COMMANDS")
    finally:
        for name in ("storage", "files"):
            await behind.services.start(name)


@asynccontextmanager
async def ending(operator: Link, outcome: Event) -> AsyncIterator[None]:
    """Answer the next command with an outcome, in time."""
    commands = await operator.client.subscribe("command.>")
    await operator.client.flush()

    async def end() -> None:
        async for message in commands.messages:
            headers = message.headers or {}
            if asker := headers.get("Asker"):
                subject = f"outcome.{asker}.{headers['Message-Id']}"
                await operator.client.request(subject, encode(outcome), timeout=60)

    answering = asyncio.create_task(end())
    try:
        yield
    finally:
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        await commands.unsubscribe()


@pytest.mark.parametrize(
    ("command_type", "outcome_type"),
    ENDINGS,
    ids=lambda each: each.__name__,
)
async def test_an_outcome_looks_the_same_in_time_and_late(
    command_type: type[Command[Any]],
    outcome_type: type[Event],
    behind: Backstage,
    operator: Link,
    anna: Talker,
) -> None:
    command, outcome = example_of(command_type), example_of(outcome_type)
    router = Router()

    @router.message()
    async def ask_for_it(_: TelegramMessage, conversation: Conversation) -> None:
        assert await execute_and_show(command, conversation) == outcome

    dispatches = {APP: Dispatch(router)}
    asking = replace(behind, handling=replace(behind.handling, dispatches=dispatches, in_hand={}))
    async with ending(operator, outcome):
        await Talker(asking, anna.person).says("do it")
    teller = Teller(behind.handling.bots, Told(behind.handling.memory.redis), CollectorRegistry())
    envelope = Envelope(
        message_id="late", causation_id=f"late-{anna.person.id}", chat=anna.person.id
    )
    await tell_late(outcome, envelope, Actor(anna.person.id, APP), teller)
    in_time, late = (await anna.person.chat())["messages"][-2:]
    for each in (in_time, late):
        assert each["from"] == "bot"
        assert each["text"]
    told = ("text", "buttons", "file")
    assert [in_time[part] for part in told] == [late[part] for part in told]
