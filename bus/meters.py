"""What a service counts and times of messages; every label is one of a known few."""

import time
from asyncio import CancelledError
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, partial
from types import TracebackType

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bus.destinations import destination_of, request_of
from bus.errors import CommandFailed, NotInTime, NotPublished, Overloaded
from bus.trouble import Kind
from observability.calls import Calls, Timed, unread_calls
from observability.exemplars import exemplar

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Seconds, as OpenTelemetry's messaging conventions advise."""
UNREADABLE = "unreadable"
"""In the place of a message's type, where none could be read."""

_WITHOUT_OUTCOME: tuple[tuple[type[BaseException], str], ...] = (
    (NotInTime, "late"),
    (CommandFailed, "failed"),
    (Overloaded, "overloaded"),
    (NotPublished, "not_published"),
    (CancelledError, "cancelled"),
)


class Meters:
    """The figures of one service; `calls` times what it asks of the bus."""

    def __init__(self, registry: CollectorRegistry, calls: Calls) -> None:
        self.calls = calls
        counted, timed = partial(_counter, registry), partial(_histogram, registry)
        self._sent = counted(
            "messaging_client_sent_messages",
            "Messages that a stream has taken, and questions asked",
            ("destination",),
        )
        self._consumed = counted(
            "messaging_client_consumed_messages",
            "Messages delivered to a consumer, each time they were",
            ("consumer", "message"),
        )
        self._requests = counted(
            "requests", "What a service was given to do, by kind", ("kind", "app")
        )
        self._retries = counted(
            "messaging_retries",
            "Attempts at a message that failed and are made again",
            ("consumer", "reason"),
        )
        self._processed = timed(
            "messaging_process_duration",
            "Time from delivery to the end of handling",
            ("consumer", "message", "result"),
        )
        self._outcomes = timed(
            "outcome_wait",
            "Time from saying a command to its outcome, or to giving up the wait",
            ("command", "result"),
        )
        self._oldest = Gauge(
            "messaging_consumer_oldest_seconds",
            "Age of the oldest message in the hand of a consumer, 0 while it has none",
            ("stream", "consumer"),
            unit="seconds",
            registry=registry,
        )

    def publishing(self, subject: str) -> Timed:
        """Time one attempt to have a message taken."""
        return self.calls.timed("nats", f"publish {destination_of(subject)}")

    def asking(self, subject: str) -> Timed:
        """Time a question, until its answer."""
        return self.calls.timed("nats", f"request {destination_of(subject)}")

    def asking_server(self, what: str) -> Timed:
        """Time a question to JetStream; `what` is a name from its API, such as `STREAM.INFO`."""
        return self.calls.timed("nats", f"request $JS.API.{what}")

    def sent(self, subject: str) -> None:
        """Count a message that was taken, or a question."""
        self._sent(destination_of(subject)).inc()

    def delivered(self, consumer: str, subject: str, message: str) -> None:
        """Count a delivery of a message of the type given."""
        self._consumed(consumer, message).inc()
        self.requested(*request_of(subject))

    def requested(self, kind: str, app: str) -> None:
        """Count something to be done."""
        self._requests(kind, app).inc()

    def retried(self, consumer: str, reason: Kind) -> None:
        """Count an attempt that failed and is made again."""
        self._retries(consumer, reason.name.lower()).inc(1, exemplar())

    def processed(self, consumer: str, message: str, result: str, seconds: float) -> None:
        """Time a handling: handled, failed, dead, or forfeited to another copy."""
        self._processed(consumer, message, result).observe(seconds, exemplar())

    def waiting(self, command: str) -> AbstractContextManager[None]:
        """Time a wait for the outcome of a command of this type."""
        return _Waiting(self._outcomes, command)

    def watch_hand(self, stream: str, consumer: str, oldest: Callable[[], float]) -> None:
        """Show the age that `oldest` returns, in seconds, whenever somebody looks."""
        self._oldest.labels(stream, consumer).set_function(oldest)


# Children are looked up once: finding one by its labels costs as much as counting.
def _counter(
    registry: CollectorRegistry, name: str, says: str, labels: tuple[str, ...]
) -> Callable[..., Counter]:
    return cache(Counter(name, says, labels, registry=registry).labels)


def _histogram(
    registry: CollectorRegistry, name: str, says: str, labels: tuple[str, ...]
) -> Callable[..., Histogram]:
    of_seconds = Histogram(name, says, labels, unit="seconds", buckets=BUCKETS, registry=registry)
    return cache(of_seconds.labels)


class _Waiting:
    """One wait for an outcome; what could not even be sent was not waited for."""

    __slots__ = ("_began", "_child", "_command")

    def __init__(self, child: Callable[..., Histogram], command: str) -> None:
        self._child = child
        self._command = command

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        if result := _result(error):
            seconds = time.perf_counter() - self._began
            self._child(self._command, result).observe(seconds, exemplar())


def _result(error: BaseException | None) -> str:
    if error is None:
        return "in_time"
    return next((name for kind, name in _WITHOUT_OUTCOME if isinstance(error, kind)), "")


class _UnreadMeters(Meters):
    """Counts nothing: nobody would look at it."""

    def __init__(self) -> None:
        self.calls = unread_calls()
        self._untimed = self.calls.timed("", "")

    def publishing(self, subject: str) -> Timed:
        return self._untimed

    def asking(self, subject: str) -> Timed:
        return self._untimed

    def sent(self, subject: str) -> None: ...

    def delivered(self, consumer: str, subject: str, message: str) -> None: ...

    def requested(self, kind: str, app: str) -> None: ...

    def retried(self, consumer: str, reason: Kind) -> None: ...

    def processed(self, consumer: str, message: str, result: str, seconds: float) -> None: ...

    def waiting(self, command: str) -> AbstractContextManager[None]:
        return self._untimed

    def watch_hand(self, stream: str, consumer: str, oldest: Callable[[], float]) -> None: ...


def unread_meters() -> Meters:
    """Return meters that count nothing, for who is no service: nobody would look at them."""
    return _UnreadMeters()
