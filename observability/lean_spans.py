"""Spans that cost little: recorded, or their ids alone until something in them fails."""

import time
import traceback
from collections.abc import Mapping
from random import getrandbits
from typing import Final, NamedTuple, Protocol

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import (
    Link,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    get_current_span,
)
from opentelemetry.util.types import Attributes, AttributeValue

from observability.conventions import EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE, EXCEPTION_TYPE

SAMPLED: Final = TraceFlags.SAMPLED
KEPT: Final = "switchboard.kept"
"""The attribute that says why a span is recorded although its trace is not: of such a trace only
a part is seen (docs/traces.md)."""
MOST = 128
"""Events, and links, of one span, as OpenTelemetry limits them."""

_UNSET = Status(StatusCode.UNSET)


class Origin(NamedTuple):
    """The span of another process in which one of this is begun, by its ids and flags."""

    trace_id: int
    span_id: int
    flags: int

    def context(self, state: TraceState | None) -> SpanContext:
        """Return it as OpenTelemetry has it."""
        flags = TraceFlags(self.flags)
        return SpanContext(self.trace_id, self.span_id, True, flags, state)


class Home(Protocol):
    """Who makes spans."""

    @property
    def keeps(self) -> bool:
        """Whether a span that is not recorded may become one that is."""

    def ended(self, span: "LeanSpan") -> None:
        """Export a recorded span."""


class LeanSpan(Span):
    """A span behind OpenTelemetry's interface, without the SDK's locks, limits and checks.

    One that is not recorded remembers what it was begun with, so that `keep` can have it recorded
    after all; an error in it does so. It belongs to one thread.
    """

    __slots__ = (
        "_context",
        "_given",
        "_home",
        "_ids",
        "_set",
        "around",
        "began",
        "end_time",
        "events",
        "flags",
        "kind",
        "links",
        "name",
        "origin",
        "recorded",
        "span_id",
        "status",
        "trace_id",
        "trace_state",
    )

    def __init__(self, home: Home, name: str, kind: SpanKind, given: Attributes) -> None:
        self.name = name
        self.kind = kind
        self.trace_id = 0
        self.span_id = getrandbits(64) or 1
        self.flags = 0
        self.recorded = False
        self.around: LeanSpan | None = None
        """The span in which it was begun, if that is of this process."""
        self.origin: Origin | None = None
        """That span, if it is of another."""
        self.trace_state: TraceState | None = None
        self.began = time.time_ns()
        self.end_time = 0
        self.status = _UNSET
        self.events: list[Event] = []
        self.links: list[Link] = []
        self._given = given  # shared by all spans of that name: copied when it ends
        self._set: dict[str, AttributeValue] = {}
        self._home = home
        self._context: SpanContext | None = None
        self._ids: tuple[str, str] | None = None

    @property
    def ids(self) -> tuple[str, str]:
        """Its trace's id and its own as they are written: in lines, headers and exemplars."""
        if self._ids is None:
            self._ids = f"{self.trace_id:032x}", f"{self.span_id:016x}"
        return self._ids

    @property
    def traceparent(self) -> str:
        """The header by which a message carries it."""
        trace_id, span_id = self.ids
        return f"00-{trace_id}-{span_id}-{self.flags:02x}"

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        """What it says, under names of the conventions."""
        return {**(self._given or {}), **self._set}

    @property
    def parent(self) -> SpanContext | None:
        """The span in which it was begun; None of a trace's first."""
        if self.around:
            return self.around.get_span_context()
        return self.origin and self.origin.context(self.trace_state)

    @property
    def may_be_kept(self) -> bool:
        """Whether an error would have it recorded."""
        return self._home.keeps

    def keep(self, why: str) -> None:
        """Record it, and those around it in this process, each from its beginning.

        What is begun in them from now on, here and by whom their messages reach, is recorded, too.
        """
        span: LeanSpan | None = self
        while span and not span.recorded and not span.end_time and span._home.keeps:
            span.recorded, span.flags, span._context = True, span.flags | SAMPLED, None
            span._set[KEPT] = why
            span = span.around

    def get_span_context(self) -> SpanContext:
        """Return its ids as OpenTelemetry has them."""
        if self._context is None:
            flags = TraceFlags(self.flags)
            self._context = SpanContext(
                self.trace_id,
                self.span_id,
                is_remote=False,
                trace_flags=flags,
                trace_state=self.trace_state,
            )
        return self._context

    def is_recording(self) -> bool:
        """Whether it is exported when it ends."""
        return self.recorded

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        """Say something, also of a span that is recorded only later."""
        self._set[key] = value

    def set_attributes(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Say several things."""
        self._set.update(attributes)

    def add_event(
        self, name: str, attributes: Attributes = None, timestamp: int | None = None
    ) -> None:
        """Note what happened, if it is recorded."""
        if self.recorded and len(self.events) < MOST:
            self.events.append(Event(name, attributes, timestamp))

    def add_link(self, context: SpanContext, attributes: Attributes = None) -> None:
        """Name another span on which it builds."""
        if context.is_valid and len(self.links) < MOST:
            self.links.append(Link(context, attributes))

    def update_name(self, name: str) -> None:
        """Call it something else."""
        self.name = name

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Say how it ended; an error has it kept, and "ok" is final."""
        said = status if isinstance(status, Status) else Status(status, description)
        if said.status_code is StatusCode.UNSET or self.status.status_code is StatusCode.OK:
            return
        if said.status_code is StatusCode.ERROR:
            self.keep("error")
        self.status = said

    def record_exception(
        self,
        exception: BaseException,
        attributes: Attributes = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        """Note an error, which has the span kept; `attributes` stand in place of what it says."""
        self.keep("error")
        said: dict[str, AttributeValue] = {EXCEPTION_TYPE: _named(type(exception))}
        if attributes is None or EXCEPTION_MESSAGE not in attributes:
            said[EXCEPTION_MESSAGE] = str(exception)
        if attributes is None or EXCEPTION_STACKTRACE not in attributes:
            said[EXCEPTION_STACKTRACE] = "".join(traceback.format_exception(exception))
        self.add_event("exception", {**said, **(attributes or {})}, timestamp)

    def end(self, end_time: int | None = None) -> None:
        """Be over; a recorded one is exported."""
        if self.end_time:
            return
        self.end_time = end_time or time.time_ns()
        if self.recorded:
            self._home.ended(self)
        # Tasks that were begun in it may go on for long: they are to hold no more than this one.
        self.around = None


def _named(error: type[BaseException]) -> str:
    of_python = error.__module__ == "builtins"
    return error.__qualname__ if of_python else f"{error.__module__}.{error.__qualname__}"


def within_a_trace() -> bool:
    """Whether a span of what is done now would be of use: in a trace that is recorded, or may be.

    By itself, outside of any, it would be a trace about nothing.
    """
    span = get_current_span()
    return span.is_recording() or (isinstance(span, LeanSpan) and span.may_be_kept)


def keep_current(why: str) -> None:
    """Have the current span recorded, and those around it, although its trace is not."""
    span = get_current_span()
    if isinstance(span, LeanSpan):
        span.keep(why)
