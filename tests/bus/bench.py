"""A real bus for a test: a way in for each user, middlewares, a look into the streams."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bus import Actor, Envelope
from bus.caller import Bus, Wire
from bus.connection import Link, connect
from bus.delivery import CallNext, chain
from bus.encoding import encode
from bus.meters import Meters
from bus.middleware.concurrency import at_most
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing, telling_of_death
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.outcomes import Outcomes, outcomes
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.router import Router
from bus.topology import STREAMS, Consumer, service_consumer
from bus.trouble import AWAY, BUG, Judge, Trouble
from bus.worker import Worker, typed_reader
from contracts.base import Message, subject_of
from contracts.documents import AddType
from observability.calls import Calls
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually

PERSON, CHAT = 1001, 1001
CAUSE = Envelope(message_id="documents-7", actor=Actor(PERSON, "documents"), chat=CHAT, locale="ru")
"""The envelope of a person's update in the documents bot."""
STORAGE = service_consumer("storage", "documents", "COMMANDS", [subject_of(AddType)])
SLOTS = 8
HANDLER_TIMEOUT = 5.0
ANSWER_WITHIN = 30.0

Function = Callable[..., Awaitable[Any]]


def caused_by(update: str) -> Envelope:
    """Return the envelope of another update of the same person."""
    return replace(CAUSE, message_id=update)


def router_of(*functions: Function) -> Router:
    """Return a router of these handlers."""
    router = Router()
    for function in functions:
        router.handle(function)
    return router


def never(_: BaseException) -> Trouble:
    """No failure is a dependency's."""
    return BUG


def os_errors(error: BaseException) -> Trouble:
    """What the system cannot do, a dependency cannot."""
    return AWAY if isinstance(error, OSError) else BUG


def patient(link: Link) -> Link:
    """Have a test wait for what it asks of JetStream as long as a busy machine takes."""
    link.jetstream = link.client.jetstream(timeout=ANSWER_WITHIN)
    return link


def meters_read_here() -> Meters:
    """Return meters of nothing else, in whose registry a test may look."""
    registry = CollectorRegistry()
    return Meters(registry, Calls(registry))


@dataclass(slots=True)
class Bench:
    """Connections are opened as asked for and closed with the test."""

    servers: LocalServers
    stack: AsyncExitStack
    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    tracer: Tracer = field(init=False)
    _links: dict[str, Link] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.spans))
        self.tracer = provider.get_tracer("tests")

    @property
    def url(self) -> str:
        """Where NATS is."""
        return self.servers.environment["NATS_URL"]

    def seed(self, user: str) -> SecretStr:
        """Return the key of a NATS user."""
        return SecretStr(self.servers.environment[f"NATS_SEED_{user.upper()}"])

    async def link(self, user: str) -> Link:
        """Connect as a user, once a test."""
        if user not in self._links:
            self._links[user] = await self.another_link(user)
        return self._links[user]

    async def another_link(self, user: str) -> Link:
        """Connect as a user, as a further copy of its service does."""
        link = await self.stack.enter_async_context(connect(self.url, user, self.seed(user)))
        link.meters = meters_read_here()
        return patient(link) if user == "operator" else link

    async def publisher(self, user: str) -> Publisher:
        """Connect as a user that publishes."""
        return Publisher(await self.link(user), self.tracer)

    async def bot(self, cause: Envelope = CAUSE) -> tuple[Bus, Outcomes]:
        """Return the bus as a bot's handler sees it, and where its outcomes arrive."""
        publisher = await self.publisher("bot")
        waiting = await self.stack.enter_async_context(outcomes(publisher.link))
        return Bus(Wire(publisher, waiting), cause), waiting

    async def send(self, command: Message, message_id: str, **envelope: Any) -> None:
        """Publish a command of the person, as the bot does."""
        caused = CAUSE.caused(message_id)
        headers = {**caused.headers(), **envelope}
        await self.send_bytes(subject_of(type(command)), encode(command), headers)

    async def send_bytes(self, subject: str, payload: bytes, headers: dict[str, str]) -> None:
        """Publish any bytes, as somebody who may do everything."""
        publisher = await self.publisher("operator")
        await publisher.publish(subject, payload, headers)

    async def call(self, judge: Judge = never) -> CallNext:
        """Return storage's middlewares, all that need no database, around the handlers."""
        publisher = await self.publisher("storage")
        return chain(
            [
                tracing(self.tracer),
                lines,
                metrics(publisher.link.meters),
                heartbeat,
                retry(DeadLetters(publisher), judge, telling_of_death(publisher)),
                publishing(publisher),
                at_most(SLOTS),
                deadline(HANDLER_TIMEOUT),
            ],
            Resolver({}).caller(),
        )

    async def worker(
        self,
        *functions: Function,
        judge: Judge = never,
        consumer: Consumer = STORAGE,
        call: CallNext | None = None,
    ) -> Worker:
        """Return a worker of storage; several may share a `call`, as those of a service do."""
        read = typed_reader(consumer, list(router_of(*functions)))
        call = call or await self.call(judge)
        return Worker(consumer, read, call, await self.publisher("storage"))

    async def stored(self, stream: str) -> list[RawStreamMsg]:
        """Return what a stream holds, in order."""
        jetstream = (await self.link("operator")).jetstream
        state = (await jetstream.stream_info(stream)).state
        found = []
        for number in range(state.first_seq, state.last_seq + 1):
            try:
                found.append(await jetstream.get_msg(stream, number))
            except NotFoundError:
                continue  # taken out of the middle
        return found

    async def fill(self, stream: str) -> None:
        """Leave no room in a stream; provisioning makes its room what it was."""
        jetstream = (await self.link("operator")).jetstream
        await jetstream.update_stream(STREAMS[stream].evolve(max_bytes=1))

    async def count(self, stream: str) -> int:
        """Return how many messages a stream holds."""
        return (await (await self.link("operator")).jetstream.stream_info(stream)).state.messages

    async def is_empty(self, stream: str) -> bool:
        """Whether everything in a work queue is done."""
        return await self.count(stream) == 0

    async def dead_letter(self) -> RawStreamMsg:
        """Wait for the one dead letter, and for its command to be settled."""
        await eventually(lambda: self.count("DEAD"))
        await eventually(lambda: self.is_empty("COMMANDS"))
        (dead,) = await self.stored("DEAD")
        return dead
