"""The roles of Switchboard's own bus, through its public classes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.nuid import NUID
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import APP, COMMAND, KEY, NOTE, PERSON, QUESTION, Answer, LookUp, answer
from bus import Actor, Envelope, Router
from bus.caller import Bus, Wire
from bus.connection import Link, connect
from bus.discovery import ServiceDescription
from bus.outcomes import outcomes
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.responder import Responder
from switchboard.keys import seed_variable

CAUSE = Envelope(
    message_id=f"bench-{NUID().next().decode()}", actor=Actor(PERSON, APP), chat=PERSON, locale="ru"
)


async def look_up(query: LookUp, _actor: Actor) -> Answer:
    """Answer."""
    return answer(query.key, query.person)


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[None]:
    """Answer queries as the query service does."""
    router = Router()
    router.handle(look_up)
    stopping = asyncio.Event()
    async with linked(given, "query") as link:
        responder = Responder(
            link=link,
            tracer=NoOpTracer(),
            handlers=list(router),
            resolver=Resolver({}),
            scope=_no_scope,
            description=ServiceDescription(name="query", version="1.0.0", description="Answers"),
        )
        running = asyncio.create_task(responder.run(stopping))
        await responder.listening.wait()
        yield
        stopping.set()
        await running


@asynccontextmanager
async def asking(given: Given) -> AsyncIterator[Call]:
    """Ask as the bot does."""
    async with _bus(given) as bus:

        async def call() -> None:
            assert (await bus.ask(QUESTION)).note == NOTE

        yield call


@asynccontextmanager
async def executing(given: Given) -> AsyncIterator[Call]:
    """Have commands executed as the bot does."""
    async with _bus(given) as bus:

        async def call() -> None:
            assert (await bus.execute(COMMAND)).key == KEY

        yield call


@asynccontextmanager
async def _bus(given: Given) -> AsyncIterator[Bus]:
    async with linked(given, "bot") as link, outcomes(link) as waiting:
        yield Bus(Wire(Publisher(link, NoOpTracer()), waiting), CAUSE)


@asynccontextmanager
async def linked(given: Given, user: str) -> AsyncIterator[Link]:
    """Connect as a user of the project."""
    seed = SecretStr(given.settings[seed_variable(user)])
    async with connect(given.settings["NATS_URL"], user, seed) as link:
        yield link


@asynccontextmanager
async def _no_scope() -> AsyncIterator[dict[type, object]]:
    yield {}
