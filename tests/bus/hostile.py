"""Messages as nobody of ours would write them, and workers that meet them on every stream."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from nats.errors import Error as NatsError

from bus.connection import connect
from bus.delivery import CallNext, Delivery, chain
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.heartbeat import heartbeat
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.publisher import Publisher
from bus.router import Handler
from bus.topology import Consumer, update_consumers
from bus.worker import Read, Worker, typed_reader
from contracts.documents import ExpiryNear
from services.bot.reading import update_reader
from services.discovery import heard, routers, told
from services.notifier.handlers import late_handlers
from services.notifier.service import _notice_reader  # the one reader that is no module's own
from tests.bus.bench import Bench, never
from tests.bus.handlers import add_type
from tests.bus.waiting import running


class Wire(NamedTuple):
    """A message in the bytes of NATS' protocol; `headers` is None for one without any."""

    subject: bytes
    headers: bytes | None
    payload: bytes


async def publish(bench: Bench, wire: Wire) -> bool:
    """Publish past all checks of a client; return whether a stream took it."""
    async with connect(bench.url, "operator", bench.seed("operator")) as link:
        client = link.client
        inbox = client.new_inbox()
        answers = await client.subscribe(inbox)
        await client._send_command(_line(wire, inbox.encode()))
        await client._flush_pending()
        try:
            answer = await answers.next_msg(timeout=5)
        except NatsError:
            return False  # the server would not have it, and may have ended the connection
        return b'"error"' not in answer.data


def _line(wire: Wire, reply: bytes) -> bytes:
    size, headers = len(wire.payload), wire.headers
    if headers is None:
        line = b"PUB %s %s %d\r\n" % (wire.subject, reply, size)
    else:
        length = len(headers)
        line = b"HPUB %s %s %d %d\r\n" % (wire.subject, reply, length, length + size)
    return line + (headers or b"") + wire.payload + b"\r\n"


async def _nothing(_: Delivery) -> None:
    """Handle an update that could be read after all."""


class Workers(NamedTuple):
    """Workers of one stream, and a subject that they hear."""

    workers: list[Worker]
    subject: bytes

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run them; fails if one has ended before."""
        async with running(*(worker.run for worker in self.workers)):
            yield


async def hearers(bench: Bench, kind: str) -> Workers:
    """Return what reads one kind of message in the services."""
    if kind == "command":
        return Workers([await bench.worker(add_type)], b"command.documents.add_type")
    if kind == "update":
        publisher = await bench.publisher("bot")
        call = _around(bench, publisher, _nothing)
        consumers = update_consumers("documents")
        workers = [Worker(c, update_reader("documents", c), call, publisher) for c in consumers]
        return Workers(workers, b"update.documents.1001")
    publisher = await bench.publisher("notifier")
    call = _around(bench, publisher, _nothing)
    consumer, read, subject = _notifiers(kind)
    return Workers([Worker(consumer, read, call, publisher)], subject)


def _notifiers(kind: str) -> tuple[Consumer, Read, bytes]:
    late, notices, *_ = told("documents")
    if kind == "late":
        subject = b"late.documents.type_added.documents.1001"
        return late, typed_reader(late, late_handlers()), subject
    if kind == "notice":
        return notices, _notice_reader(notices), b"notice.answer.documents.1001"
    router = routers("notifier", ["documents"])["documents"]
    (events,) = heard("notifier", "documents", router)
    handlers: list[Handler] = [h for h in router if h.message_type is ExpiryNear]
    return events, typed_reader(events, handlers), b"event.documents.expiry_near"


def _around(bench: Bench, publisher: Publisher, innermost: CallNext) -> CallNext:
    middlewares: list[Any] = [tracing(bench.tracer), heartbeat]
    return chain([*middlewares, retry(DeadLetters(publisher), never)], innermost)
