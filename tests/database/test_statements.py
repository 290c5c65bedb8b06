"""Statements are spans of what is being handled, and timed; nothing tells what was in them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from database.connections import watch_connections
from database.engine import engine
from database.handled import Handled
from database.statements import summary, watch_statements
from observability.calls import Calls

SAID = "what somebody wrote"


class Watched:
    """A pool that is watched, and what was seen of it."""

    def __init__(self, url: str) -> None:
        provider = TracerProvider()
        self.exporter, self.registry = InMemorySpanExporter(), CollectorRegistry()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer: Tracer = provider.get_tracer("tests")
        self.pool: AsyncEngine = engine(url, application_name="tests")
        watch_statements(self.pool, self.tracer, Calls(self.registry))
        watch_connections(self.pool, self.registry)

    def spans(self, name: str) -> list[ReadableSpan]:
        """Return the spans that have ended."""
        return [span for span in self.exporter.get_finished_spans() if span.name == name]

    def connections(self, state: str) -> float | None:
        """Return how many connections are in a state."""
        return self.registry.get_sample_value("database_connections", {"state": state})

    def timed(self, operation: str, result: str) -> float:
        """Return how often a statement was timed."""
        labels = {"target": "postgresql", "operation": operation, "result": result}
        return (
            self.registry.get_sample_value("integration_call_duration_seconds_count", labels) or 0
        )


@pytest_asyncio.fixture
async def watched(migrated: dict[str, str]) -> AsyncIterator[Watched]:
    watching = Watched(migrated["DATABASE_URL"])
    yield watching
    await watching.pool.dispose()


async def test_connections_are_counted_by_what_they_do(watched: Watched) -> None:
    assert [watched.connections(state) for state in ("in_use", "idle", "allowed")] == [0, 0, 10]
    async with watched.pool.connect(), watched.pool.connect():
        assert watched.connections("in_use") == 2
    assert [watched.connections(state) for state in ("in_use", "idle", "allowed")] == [0, 2, 10]
    await watched.pool.dispose()
    assert watched.connections("idle") == 0


async def test_a_statement_is_a_child_of_what_is_handled(watched: Watched) -> None:
    row = {"handler": SAID, "message_id": SAID, "events": []}
    with watched.tracer.start_as_current_span("process") as handling:
        async with watched.pool.begin() as connection:
            await connection.execute(insert(Handled).values(row))
            await connection.execute(select(Handled.at).where(Handled.handler == SAID))
            await connection.execute(text("DELETE FROM handled WHERE handler = :it"), {"it": SAID})
    for name in ("INSERT handled", "SELECT handled", "DELETE handled", "COMMIT"):
        (span,) = watched.spans(name)
        assert span.parent == handling.get_span_context(), name
        assert span.kind is SpanKind.CLIENT
        attributes = span.attributes or {}
        assert attributes["db.system.name"] == "postgresql"
        assert attributes["db.query.summary"] == name
        assert attributes["db.namespace"]
        assert str(attributes["db.query.text"]).startswith(name.partition(" ")[0])
        assert watched.timed(name, "ok") == 1
    assert SAID not in "".join(each.to_json() for each in watched.exporter.get_finished_spans())


async def test_what_is_no_part_of_a_trace_is_timed_only(watched: Watched) -> None:
    async with watched.pool.begin() as connection:
        await connection.execute(text("SELECT 1"))
    assert watched.exporter.get_finished_spans() == ()
    assert watched.timed("SELECT", "ok") == 1
    assert watched.timed("COMMIT", "ok") == 1


async def test_a_failed_statement_is_named_by_its_code_and_quotes_nothing(watched: Watched) -> None:
    duplicate = {"handler": SAID, "message_id": SAID, "events": []}
    with watched.tracer.start_as_current_span("process"), pytest.raises(DBAPIError):
        async with watched.pool.begin() as connection:
            await connection.execute(insert(Handled).values([duplicate, duplicate]))
    (span,) = watched.spans("INSERT handled")
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes
    assert span.attributes["error.type"] == "23505"
    assert span.attributes["db.response.status_code"] == "23505"
    assert SAID not in span.to_json()
    assert watched.timed("INSERT handled", "failed") == 1


async def test_each_batch_of_many_rows_ends_its_span(watched: Watched) -> None:
    rows = [{"handler": "batch", "message_id": str(n), "events": []} for n in range(2500)]
    with watched.tracer.start_as_current_span("process"):
        async with watched.pool.connect() as connection:
            await connection.execute(insert(Handled).values().returning(Handled.at), rows)
    batches = watched.spans("INSERT handled")
    assert len(batches) > 1
    assert watched.timed("INSERT handled", "ok") == len(batches)


async def test_a_statement_that_is_given_up_ends_its_span(watched: Watched) -> None:
    with watched.tracer.start_as_current_span("process"), pytest.raises(TimeoutError):
        async with watched.pool.connect() as connection, asyncio.timeout(0.2):
            await connection.execute(text("SELECT pg_sleep(20)"))
    (span,) = watched.spans("SELECT")
    assert span.status.status_code is StatusCode.ERROR
    assert watched.timed("SELECT", "cancelled") == 1


@pytest.mark.parametrize(
    ("statement", "short"),
    [
        ("SELECT a.b FROM a JOIN c ON true", "SELECT a"),
        ("\nupdate only documents SET x = 1", "UPDATE documents"),
        ('INSERT INTO "handled" VALUES ($1)', "INSERT handled"),
        ("WITH found AS (SELECT 1 FROM files) DELETE FROM documents", "SELECT files"),
        ("WITH a AS (INSERT INTO documents (b) VALUES (1)) SELECT 1 FROM a", "INSERT documents"),
        ("SELECT 1 FROM unnest($1) AS x", "SELECT"),
        ("SELECT 1 FROM unnest($1) AS x JOIN files ON true", "SELECT files"),
        ("SELECT 1", "SELECT"),
        ("", ""),
    ],
)
def test_a_statement_is_named_by_its_verb_and_first_table(statement: str, short: str) -> None:
    assert summary(statement) == short
