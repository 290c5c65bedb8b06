"""Makes lean spans of a share of the traces, and of the others from where something fails."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.util.types import Attributes

from observability.lean_spans import SAMPLED, LeanSpan, Origin


class LeanTracer(Tracer):
    """Asks the sampler about each trace that begins here; in others it does what their flag says.

    Without a sampler no span is ever recorded. `keeps` is whether a failure has one recorded that
    would not be.
    """

    def __init__(
        self,
        sampler: Sampler | None,
        processors: Sequence[SpanProcessor],
        resource: Resource,
        scope: InstrumentationScope,
        *,
        keeps: bool,
    ) -> None:
        self._keeps = keeps
        self._sampler = sampler
        self._asks_always = sampler is not None and not isinstance(sampler, ParentBased)
        self._processors = processors
        self._resource = resource
        self._scope = scope
        self._ids = RandomIdGenerator()

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        *given: Any,
        **more: Any,
    ) -> LeanSpan:
        """Begin a span, in the current one unless a context is given."""
        parent = get_current_span(context)
        if not isinstance(parent, LeanSpan) and (far := parent.get_span_context()).is_valid:
            origin = Origin(far.trace_id, far.span_id, int(far.trace_flags))
            span = self.start_within(origin, name, kind, attributes)
            span.trace_state = far.trace_state
        else:
            span = LeanSpan(self, name, kind, attributes)
            if isinstance(parent, LeanSpan):
                span.around = parent
                span.trace_id, span.flags = parent.trace_id, parent.flags
                span.trace_state = parent.trace_state
            else:
                span.trace_id = self._ids.generate_trace_id()
                span.flags = TraceFlags.RANDOM_TRACE_ID
                self._decide(span, context)
            self._record(span, context)
        if links:
            span.links.extend(links)
        if start_time := given[0] if given else more.get("start_time"):
            span.began = start_time
        return span

    def start_within(
        self, origin: Origin, name: str, kind: SpanKind, attributes: Attributes
    ) -> LeanSpan:
        """Begin a span in one of another process, which said no more than its ids."""
        span = LeanSpan(self, name, kind, attributes)
        span.origin = origin
        span.trace_id, _, span.flags = origin
        self._record(span, None)
        return span

    def start_as_current_span(self, name: str, *given: Any, **more: Any) -> Any:
        """Begin a span and make it the current one in a `with` block."""
        says_errors = more.pop("record_exception", True), more.pop("set_status_on_exception", True)
        more.pop("end_on_exit", None)
        return CurrentSpan(self.start_span(name, *given, **more), *says_errors)

    @property
    def keeps(self) -> bool:
        """Whether a failure has a span recorded that would not be."""
        return self._keeps and bool(self._processors)

    def ended(self, span: LeanSpan) -> None:
        """Hand a recorded span to whoever exports it."""
        finished = ReadableSpan(
            name=span.name,
            context=span.get_span_context(),
            parent=span.parent,
            resource=self._resource,
            attributes=span.attributes,
            events=span.events,
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=span.began,
            end_time=span.end_time,
            instrumentation_scope=self._scope,
        )
        for processor in self._processors:
            processor.on_end(finished)

    def _record(self, span: LeanSpan, context: Context | None) -> None:
        if self._asks_always:
            self._decide(span, context)
        span.recorded = bool(span.flags & SAMPLED and self._processors)

    def _decide(self, span: LeanSpan, context: Context | None) -> None:
        if self._sampler is None:
            return
        said = self._sampler.should_sample(context, span.trace_id, span.name, span.kind)
        sampled = said.decision is Decision.RECORD_AND_SAMPLE
        span.flags = span.flags | SAMPLED if sampled else span.flags & ~SAMPLED


class CurrentSpan:
    """Has a span be the current one inside the block, and end with it."""

    __slots__ = ("_records", "_sets_status", "_token", "span")

    def __init__(self, span: Span, records: bool = True, sets_status: bool = True) -> None:
        self.span = span
        self._records = records
        self._sets_status = sets_status

    def __enter__(self) -> Span:
        self._token = attach(set_span_in_context(self.span))
        return self.span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        detach(self._token)
        if isinstance(error, Exception):
            self.failed(error)
        self.end()

    def end(self) -> None:
        """End the span."""
        self.span.end()

    def failed(self, error: Exception) -> None:
        """Note an error that leaves the block."""
        if self._records:
            self.span.record_exception(error)
        if self._sets_status:
            said = f"{type(error).__name__}: {error}"
            self.span.set_status(Status(StatusCode.ERROR, said))
