"""Answers queries, side by side, and tells `nats service` about itself (ADR-32).

nats-py's own micro service answers one request at a time per endpoint and sends the text of
unexpected exceptions to whoever asked; hence this one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from opentelemetry.trace import Tracer

from bus.caller import ERROR_CODE_HEADER, ERROR_HEADER
from bus.client import Receive
from bus.connection import Link
from bus.discovery import Endpoint, ServiceDescription, answer_discovery
from bus.encoding import decoder, encode, read
from bus.envelope import Actor, read_envelope
from bus.errors import MalformedMessage, in_short
from bus.lines import Question, say_answered
from bus.middleware.concurrency import Slots
from bus.open_spans import failed
from bus.resolver import Resolver
from bus.router import Handler
from bus.spans import answering
from bus.trace_context import TRACEPARENT, inject
from bus.within import Within
from contracts.base import Message, app_of, name_of, subject_of

log = structlog.get_logger()

QUEUE_GROUP = "query"
AT_ONCE = 8
"""Answers in the making, besides one of each app: one app's slow queries delay no other app's."""
WAITING_AT_MOST = 512
HANDLER_TIMEOUT = 2.5
"""Seconds; less than an asker waits, so that it is told."""
OUR_FAULT = 500
"""From this code on a refusal is a failure of ours, and not a wrong question."""
UNAVAILABLE = frozenset({503, 504})
TRACE_ID_HEADER = "Trace-Id"
"""The header of an answer that holds, alone, the trace in which it was made."""


class _Refused(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text

    @property
    def outcome(self) -> str:
        """What the line of the answer says."""
        if self.code in UNAVAILABLE:
            return "unavailable"
        return "failed" if self.code >= OUR_FAULT else "refused"

    def headers(self) -> dict[str, str]:
        """Return the headers that say it."""
        return {ERROR_HEADER: quote(self.text, safe=" ,.'"), ERROR_CODE_HEADER: str(self.code)}


@dataclass(slots=True)
class Responder:
    """Serves query handlers."""

    link: Link
    tracer: Tracer
    handlers: Sequence[Handler]
    resolver: Resolver
    description: ServiceDescription
    is_away: Callable[[BaseException], bool] = lambda _: False
    """Tells a dependency that is away from a bug."""
    listening: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set once questions come here: another copy may stop listening then."""
    _slots: Slots = field(init=False)
    _asked: Counter[str] = field(default_factory=Counter, init=False)
    """Questions in hand, by app."""
    _in_hand: set["asyncio.Task[None]"] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._slots = Slots(AT_ONCE)
        for handler in self.handlers:
            self.resolver.check(handler)

    async def run(self, stopping: asyncio.Event) -> None:
        """Serve until told to stop; then finish what is in hand."""
        subscriptions = []
        for handler in self.handlers:
            subject = subject_of(handler.message_type)
            endpoint = self.description.add_endpoint(
                _endpoint_name(handler.message_type), subject, QUEUE_GROUP, handler.message_type
            )
            subscriptions.append(
                await self.link.client.listen(
                    subject, self._receiver(_Served.of(handler, endpoint)), QUEUE_GROUP
                )
            )
        subscriptions += await answer_discovery(self.link, self.description)
        self.listening.set()
        await stopping.wait()
        await self._stop_listening(subscriptions)
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=HANDLER_TIMEOUT)

    async def _stop_listening(self, subscriptions: Sequence[Subscription]) -> None:
        """Answer what the server has sent already: it will not send that to another copy."""
        if not self.link.client.is_connected:
            return
        with suppress(NatsError, TimeoutError):
            async with asyncio.timeout(HANDLER_TIMEOUT):
                for subscription in subscriptions:
                    await subscription.drain()  # type: ignore[no-untyped-call] # nats-py's gap

    def _receiver(self, served: "_Served") -> Receive:
        app, begin = served.app, asyncio.get_running_loop().create_task

        def receive(message: Msg) -> None:
            if not self.link.forgeries.is_honest(message):
                return
            self.link.meters.requested("query", app)
            # Handling in the callback would make requests wait for each other.
            welcome = self._asked[app] < AT_ONCE + WAITING_AT_MOST
            self._asked[app] += 1
            task = begin(self._answer(message, served, welcome))
            self._in_hand.add(task)
            task.add_done_callback(answered)

        def answered(task: "asyncio.Task[None]") -> None:
            self._in_hand.discard(task)
            self._asked[app] -= 1

        return receive

    async def _answer(self, message: Msg, served: "_Served", welcome: bool) -> None:
        began = time.perf_counter()
        question = Question(message, served.app)
        headers = message.headers or {}
        with question, answering(self.tracer, message.subject, headers, self.link.server) as span:
            payload, reply_headers = b"", _traced()
            error, outcome = "", "answered"
            try:
                if not welcome:
                    raise _Refused(503, "too many questions at once")
                payload = await self._handle(question, served)
            except Exception as failure:  # noqa: BLE001 # logged where it is named
                refused = self._refusal(failure, reply_headers.get(TRACE_ID_HEADER, ""))
                error, outcome = refused.text, refused.outcome
                reply_headers |= refused.headers()
                if refused.code >= OUR_FAULT:
                    failed(span, str(refused.code), error)
            duration = time.perf_counter() - began
            served.endpoint.count(round(duration * 1e9), error)
            result = "failed" if error else "handled"
            self.link.meters.processed(QUEUE_GROUP, served.name, result, duration)
            await self._send(message, payload, reply_headers)
            say_answered(message.data, began, outcome)

    def _refusal(self, failure: Exception, trace_id: str) -> _Refused:
        """Return what may be told of a failure; what is no refusal of ours is logged here."""
        if isinstance(failure, _Refused):
            return failure
        if self.is_away(failure):
            log.warning("dependency.away", error=in_short(failure))
            return _Refused(503, "a dependency is away")
        log.exception("query.failed")
        return _Refused(500, f"internal error, code {trace_id}")

    async def _handle(self, question: Question, served: "_Served") -> bytes:
        query, actor = _read(question, served)
        if served.asks_who and not actor:
            raise _Refused(401, "nobody asks")
        try:
            # Whoever waited for a place as long as for an answer has gone by now.
            with Within(HANDLER_TIMEOUT):
                async with self._slots.taken(served.app):
                    scope: dict[type, object] = {Actor: actor} if actor else {}
                    arguments = self.resolver.arguments(served.handler, scope)
                    return encode(await served.handler.function(query, **arguments))
        except TimeoutError:
            raise _Refused(504, "the answer took too long") from None

    async def _send(self, message: Msg, payload: bytes, headers: dict[str, str]) -> None:
        try:
            # Msg.respond would echo the request's headers.
            await self.link.client.publish(message.reply, payload, headers=headers)
        except MaxPayloadError:
            log.exception("answer.too_large", size=len(payload))
            headers |= {ERROR_HEADER: "the answer is too large", ERROR_CODE_HEADER: "500"}
            await self._send(message, b"", headers)
        except (NatsError, OSError):
            log.warning("answer.lost")


class _Served(NamedTuple):
    """A handler, and what is known of it before it is asked."""

    handler: Handler
    endpoint: Endpoint
    app: str
    name: str
    asks_who: bool
    decoder: "msgspec.json.Decoder[Any]"

    @classmethod
    def of(cls, handler: Handler, endpoint: Endpoint) -> "_Served":
        wanted = handler.message_type
        asks_who = Actor in handler.parameters.values()
        name, read_by = wanted.__name__, decoder(wanted)
        return cls(handler, endpoint, app_of(wanted), name, asks_who, read_by)


def _read(question: Question, served: _Served) -> tuple[Message, Actor | None]:
    message = question.message
    try:
        query: Message = read(served.decoder, message.data or b"{}")
        envelope = read_envelope({"Message-Id": "asked-by-hand", **(message.headers or {})})
    except MalformedMessage as error:
        raise _Refused(400, f"the question could not be read: {error}") from error
    question.envelope = envelope
    return query, envelope.actor


def _traced() -> dict[str, str]:
    """Return the headers that say in which trace an answer is made, if it is in any."""
    headers: dict[str, str] = {}
    inject(headers)
    if carried := headers.get(TRACEPARENT):
        # For who asks by hand: what to look for in Jaeger, also where all went well.
        headers[TRACE_ID_HEADER] = carried.split("-")[1]
    return headers


def _endpoint_name(message_type: type[Message]) -> str:
    return f"{app_of(message_type)}-{name_of(message_type)}"
