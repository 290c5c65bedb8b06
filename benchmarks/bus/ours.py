"""The roles of Switchboard's own bus in asking and executing, through its public classes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from nats.nuid import NUID
from pydantic import SecretStr

from benchmarks.bus.telling import telling
from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import (
    APP,
    COMMAND,
    COMMANDS,
    NOTE,
    PERSON,
    QUESTION,
    Answer,
    DoIt,
    Done,
    LookUp,
    answer,
    done,
)
from bus import Actor, Envelope, Router
from bus.caller import Bus, Wire
from bus.connection import connect
from bus.consumer import PullLoop
from bus.delivery import CallNext, chain
from bus.discovery import ServiceDescription
from bus.middleware.concurrency import at_most
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing, telling_of_death
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.outcomes import outcomes
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.responder import Responder
from bus.trouble import BUG, Trouble
from bus.worker import Worker, typed_reader
from services.garbage import look_for_less
from services.workers import READY
from switchboard.keys import seed_variable

HANDLERS_AT_ONCE, HANDLER_TIMEOUT, READY_AT_ONCE = 8, 15.0, READY["storage"]
"""As storage has them."""
EMPTIED = ("COMMANDS", "EVENTS", "LATE", "DEAD")


async def look_up(query: LookUp, _actor: Actor) -> Answer:
    """Answer."""
    return answer(query.key, query.person)


async def do_it(command: DoIt, _actor: Actor) -> Done:
    """Do nothing but say what became of it."""
    return done(command.key, command.person)


@asynccontextmanager
async def published(given: Given, user: str) -> AsyncIterator[Publisher]:
    """Connect as a user of the project."""
    tracer, meters = telling(given, user)
    seed = SecretStr(given.settings[seed_variable(user)])
    async with connect(given.settings["NATS_URL"], user, seed) as link:
        link.meters = meters
        look_for_less()  # as a service does once it is ready
        yield Publisher(link, tracer)


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[None]:
    """Answer queries as the query service does."""
    router = Router()
    router.handle(look_up)
    async with published(given, "query") as publisher:
        responder = Responder(
            link=publisher.link,
            tracer=publisher.tracer,
            handlers=list(router),
            resolver=Resolver({}),
            description=ServiceDescription(name="query", version="1.0.0", description="Answers"),
        )
        stopping = asyncio.Event()
        running = asyncio.create_task(responder.run(stopping))
        await responder.listening.wait()
        yield
        stopping.set()
        await running


@asynccontextmanager
async def working(given: Given) -> AsyncIterator[None]:
    """Do commands as storage does, without its database."""
    await emptied(given)
    router = Router()
    router.handle(do_it)
    async with published(given, "storage") as publisher:
        read, call = typed_reader(COMMANDS, list(router)), around(publisher)
        worker = Worker(COMMANDS, read, call, publisher, READY_AT_ONCE)
        async with running_until_measured(worker):
            yield


@asynccontextmanager
async def running_until_measured(loop: Worker | PullLoop) -> AsyncIterator[None]:
    """Run it; its end is none of those that services have, which hear out what they asked for."""
    running = asyncio.create_task(loop.run(asyncio.Event()))
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def around(publisher: Publisher) -> CallNext:
    """Return all that storage has around a handler, but its database."""
    meters = publisher.link.meters
    middlewares = [
        tracing(publisher.tracer),
        lines,
        metrics(meters),
        heartbeat,
        retry(DeadLetters(publisher), _a_bug, telling_of_death(publisher)),
        publishing(publisher),
        at_most(HANDLERS_AT_ONCE),
        deadline(HANDLER_TIMEOUT),
    ]
    return chain(middlewares, Resolver({}).caller())


def _a_bug(_: BaseException) -> Trouble:
    return BUG


async def emptied(given: Given) -> None:
    """Empty the streams: what another run has left takes no room, and no time."""
    seed = SecretStr(given.settings[seed_variable("operator")])
    async with connect(given.settings["NATS_URL"], "operator", seed) as operator:
        for stream in EMPTIED:
            await operator.jetstream.purge_stream(stream)


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
            assert (await bus.execute(COMMAND)).note

        yield call


@asynccontextmanager
async def _bus(given: Given) -> AsyncIterator[Bus]:
    # A cause of its own: under the ids of another run the streams would take nothing.
    cause = Envelope(
        message_id=f"bench-{NUID().next().decode()}",
        actor=Actor(PERSON, APP),
        chat=PERSON,
        locale="ru",
    )
    async with published(given, "bot") as publisher, outcomes(publisher.link) as waiting:
        yield Bus(Wire(publisher, waiting), cause)
