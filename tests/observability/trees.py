"""Traces as a collector is told them: each a tree of what services did, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1 import trace_pb2

from tests.observability.collector import Collector

OF_DATABASES = {"postgresql": "sql", "redis": "redis"}


@dataclass(frozen=True)
class Span:
    """One span; ids are hexadecimal, `parent` is empty where a trace begins."""

    trace: str
    id: str
    parent: str
    service: str
    name: str
    kind: str
    failed: bool
    attributes: dict[str, object]
    links: tuple[str, ...]
    """The traces it is linked to."""
    scope_schema: str

    @property
    def said(self) -> str:
        """Service and name; of statements and Redis only that there were such."""
        system = str(self.attributes.get("db.system.name", ""))
        if not system and self.name.startswith("redis "):
            system = "redis"
        return f"{self.service} {OF_DATABASES.get(system, self.name)}"


@dataclass
class Traces:
    """All that came in so far."""

    collector: Collector
    spans: dict[str, Span] = field(default_factory=dict)

    def read(self) -> None:
        """Take what came since."""
        for resource in self.collector.exported():
            said = {pair.key: _value(pair.value) for pair in resource.resource.attributes}
            for scope in resource.scope_spans:
                for span in scope.spans:
                    found = _span(str(said["service.name"]), scope.schema_url, span)
                    self.spans[found.id] = found

    def of(self, chat: int, holding: str) -> list[Span]:
        """Return the newest trace that touches a chat and holds a span of this name."""
        self.read()
        theirs = {span.trace for span in self.spans.values() if _is_of_chat(span, chat)}
        holds = [span.trace for span in self.spans.values() if span.name == holding]
        newest = next((trace for trace in reversed(holds) if trace in theirs), "")
        return [span for span in self.spans.values() if span.trace == newest]


def is_whole(spans: Iterable[Span]) -> bool:
    """Whether every parent is there, and all began with one span."""
    spans = list(spans)
    ids = {span.id for span in spans}
    return [span.parent in ids for span in spans].count(False) == 1


def drawn(spans: Iterable[Span]) -> str:
    """Return the tree in lines, each indented below its cause; alike ones side by side once."""
    children: defaultdict[str, list[Span]] = defaultdict(list)
    spans = list(spans)
    ids = {span.id for span in spans}
    for span in spans:
        children[span.parent if span.parent in ids else ""].append(span)

    def lines(parent: str, depth: int) -> Iterator[str]:
        below = {
            "\n".join([_line(child, depth), *lines(child.id, depth + 1)])
            for child in children[parent]
        }
        yield from sorted(below)

    return "\n".join(lines("", 0))


def _line(span: Span, depth: int) -> str:
    # Redis refuses a script that it has not seen since it started, and is told it then.
    failed = span.failed and not span.said.endswith(" redis")
    return "  " * depth + span.said + (" FAILED" if failed else "")


def _is_of_chat(span: Span, chat: int) -> bool:
    named = str(span.attributes.get("messaging.destination.name", ""))
    return span.attributes.get("telegram.chat_id") == chat or named.endswith(f".{chat}")


def _span(service: str, schema: str, span: trace_pb2.Span) -> Span:
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        service=service,
        name=span.name,
        kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        attributes={pair.key: _value(pair.value) for pair in span.attributes},
        links=tuple(link.trace_id.hex() for link in span.links),
        scope_schema=schema,
    )


def _value(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(_value(part) for part in value.array_value.values)
    return getattr(value, kind) if kind else None
