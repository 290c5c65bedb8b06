"""How long calls to what a service depends on take, and how they end, in one histogram."""

import time
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache, wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from opentelemetry.trace import NoOpTracer, Span, SpanKind, StatusCode, Tracer, get_current_span
from prometheus_client import CollectorRegistry, Histogram

from observability.conventions import ERROR_TYPE
from observability.exemplars import exemplar
from observability.lean_spans import within_a_trace

BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Seconds: what OpenTelemetry's conventions advise for messaging and HTTP, and 1 ms, which those
for databases advise."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Calls:
    """Calls of one service to NATS, PostgreSQL, Redis, Telegram and object storage."""

    def __init__(self, registry: CollectorRegistry, tracer: Tracer | None = None) -> None:
        self.registry = registry
        self.tracer = tracer or NoOpTracer()
        # A child is looked up once: finding it by its labels costs as much as the observation.
        self._child = cache(
            Histogram(
                "integration_call_duration_seconds",
                "Duration of calls to what the service depends on",
                ("target", "operation", "result"),
                unit="seconds",
                buckets=BUCKETS,
                registry=registry,
            ).labels
        )

    def timed(
        self, target: str, operation: str, refusals: tuple[type[BaseException], ...] = ()
    ) -> "Timed":
        """Return what times a `with` block or, as a decorator, each call of an async function.

        Both names become labels: they are of a small known set, never a subject, an address or a
        key. A deadline is set inside: when one outside strikes, the call counts as cancelled.
        `refusals` are errors by which the target answers: it is there, and does not do it.
        """
        return Timed(self, target, operation, refusals=refusals)

    def traced(self, target: str, operation: str) -> "Timed":
        """Time as `timed` does, and make a span `<target> <operation>` of what is being handled.

        It has no children, so that a generator may yield inside; outside of a trace there is none.
        """
        return Timed(self, target, operation, self.tracer)

    def observe(self, target: str, operation: str, result: str, seconds: float) -> None:
        """Count a call that has ended: ok, refused, failed or cancelled."""
        self._child(target, operation, result).observe(seconds, exemplar())


class Timed:
    """One call, or the calls of a function."""

    __slots__ = ("_began", "_calls", "_operation", "_refusals", "_span", "_target", "_tracer")

    def __init__(
        self,
        calls: Calls,
        target: str,
        operation: str,
        tracer: Tracer | None = None,
        refusals: tuple[type[BaseException], ...] = (),
    ) -> None:
        self._calls = calls
        self._target = target
        self._operation = operation
        self._tracer = tracer
        self._refusals = refusals
        self._span: Span | None = None
        self._began = 0.0

    def __enter__(self) -> None:
        if self._tracer and get_current_span().is_recording():
            self._span = self._begun(self._tracer, 0.0)
        self._began = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        seconds, result = time.perf_counter() - self._began, self._result(kind)
        self._calls.observe(self._target, self._operation, result, seconds)
        span, broken = self._span, result == "failed"
        if broken and self._tracer and span is None and within_a_trace():
            span = self._begun(self._tracer, seconds)
        if span:
            if kind and broken:
                # By its class: the text of an error may name addresses, keys and values.
                span.set_attribute(ERROR_TYPE, kind.__qualname__)
                span.set_status(StatusCode.ERROR)
            span.end()

    def _begun(self, tracer: Tracer, before: float) -> Span:
        """Begin the span of a call, so many seconds ago."""
        return tracer.start_span(
            f"{self._target} {self._operation}",
            kind=SpanKind.CLIENT,
            start_time=time.time_ns() - round(before * 1e9),
        )

    def _result(self, kind: type[BaseException] | None) -> str:
        if kind is None:
            return "ok"
        if issubclass(kind, self._refusals):
            return "refused"
        # A generator that is closed early: whoever reads from it has had enough.
        return "cancelled" if issubclass(kind, CancelledError | GeneratorExit) else "failed"

    def __call__(
        self, function: Callable[Parameters, Awaitable[Result]]
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        """Time each call of an async function, also those that run at once."""

        @wraps(function)
        async def timed(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            with Timed(self._calls, self._target, self._operation, self._tracer, self._refusals):
                return await function(*args, **kwargs)

        return timed


class _Untimed(Timed):
    """In the place of a call where nobody looks how long it takes; also of several at once."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Time nothing."""

    def __exit__(self, *ended: object) -> None:
        """Count nothing."""

    def __call__(
        self, function: Callable[Parameters, Awaitable[Result]]
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        return cast(Callable[Parameters, Coroutine[Any, Any, Result]], function)


class _UnreadCalls(Calls):
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._untimed = _Untimed(self, "", "")

    def timed(
        self, target: str, operation: str, refusals: tuple[type[BaseException], ...] = ()
    ) -> Timed:
        return self._untimed

    def traced(self, target: str, operation: str) -> Timed:
        return self._untimed

    def observe(self, target: str, operation: str, result: str, seconds: float) -> None:
        """Count nothing."""


def unread_calls() -> Calls:
    """Return what times nothing, for who is no service: nobody would look at it."""
    return _UnreadCalls()
