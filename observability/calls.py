"""How long calls to what a service depends on take, and how they end, in one histogram."""

import time
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache, wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from prometheus_client import CollectorRegistry, Histogram

from observability.exemplars import exemplar

BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Seconds: what OpenTelemetry's conventions advise for messaging and HTTP, and 1 ms, which those
for databases advise."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Calls:
    """Calls of one service to NATS, PostgreSQL, Redis, Telegram and object storage."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
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

    def timed(self, target: str, operation: str) -> "Timed":
        """Return what times a `with` block or, as a decorator, each call of an async function.

        Both names become labels: they are of a small known set, never a subject, an address or a
        key. A deadline is set inside: when one outside strikes, the call counts as cancelled.
        """
        return Timed(self, target, operation)

    def observe(self, target: str, operation: str, result: str, seconds: float) -> None:
        """Count a call that has ended: ok, failed or cancelled."""
        self._child(target, operation, result).observe(seconds, exemplar())


def unread_calls() -> Calls:
    """Return what nobody looks at, for who is no service."""
    return Calls(CollectorRegistry())


class Timed:
    """One call, or the calls of a function."""

    __slots__ = ("_began", "_calls", "_operation", "_target")

    def __init__(self, calls: Calls, target: str, operation: str) -> None:
        self._calls = calls
        self._target = target
        self._operation = operation
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        seconds = time.perf_counter() - self._began
        self._calls.observe(self._target, self._operation, _result(kind), seconds)

    def __call__(
        self, function: Callable[Parameters, Awaitable[Result]]
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        """Time each call of an async function, also those that run at once."""

        @wraps(function)
        async def timed(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            with Timed(self._calls, self._target, self._operation):
                return await function(*args, **kwargs)

        return timed


def _result(kind: type[BaseException] | None) -> str:
    if kind is None:
        return "ok"
    # A generator that is closed early: whoever reads from it has had enough.
    return "cancelled" if issubclass(kind, CancelledError | GeneratorExit) else "failed"
