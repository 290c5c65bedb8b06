"""A span for each statement, under whatever is being handled; its text holds no values.

Statements outside of any trace have none: the clock's and the probes' would be traces without end.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine

from observability import conventions as names

SYSTEM = "postgresql"
TEXT_LENGTH = 2000
"""Characters of a statement; those with a list of many values are longer."""
STATEMENTS_REMEMBERED = 1024

_TABLE = re.compile(
    r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?\"?([a-z_][a-z0-9_]*)", re.IGNORECASE
)


def trace_statements(pool: AsyncEngine, tracer: Tracer) -> None:
    """Make spans of all that the pool's connections execute from now on."""
    _Statements(pool.sync_engine, tracer).listen()


class _Statements:
    def __init__(self, engine: Engine, tracer: Tracer) -> None:
        self._engine = engine
        self._tracer = tracer
        self._server: dict[str, str | int] = {names.DB_SYSTEM_NAME: SYSTEM}
        url = engine.url
        if url.database:
            self._server[names.DB_NAMESPACE] = url.database
        if url.host:
            self._server[names.SERVER_ADDRESS] = url.host
        if url.port:
            self._server[names.SERVER_PORT] = url.port

    def listen(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._begin)
        event.listen(self._engine, "after_cursor_execute", self._end)
        event.listen(self._engine, "handle_error", self._fail)
        dialect: Any = self._engine.dialect
        # There is no event after a commit, and that is when PostgreSQL writes to the disk.
        dialect.do_commit = self._committing(dialect.do_commit)

    def _begin(self, _connection: Any, _cursor: Any, statement: str, *more: Any) -> None:
        if not get_current_span().is_recording():
            return
        name = summary(statement)
        attributes = {
            **self._server,
            names.DB_QUERY_SUMMARY: name,
            names.DB_QUERY_TEXT: statement[:TEXT_LENGTH],
        }
        _parameters, context, _many = more
        context.span_of_statement = self._tracer.start_span(
            name, kind=SpanKind.CLIENT, attributes=attributes
        )

    def _end(self, *given: Any) -> None:
        *_, context, _many = given
        if span := _taken_from(context):
            span.end()

    def _fail(self, context: ExceptionContext) -> None:
        if span := _taken_from(context.execution_context):
            _say_failed(span, context.original_exception)
            span.end()

    def _committing(self, commit: Callable[[Any], None]) -> Callable[[Any], None]:
        def traced(connection: Any) -> None:
            if not get_current_span().is_recording():
                return commit(connection)
            with self._tracer.start_as_current_span(
                "COMMIT",
                kind=SpanKind.CLIENT,
                attributes={**self._server, names.DB_QUERY_SUMMARY: "COMMIT"},
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                try:
                    return commit(connection)
                except Exception as error:
                    _say_failed(span, error)
                    raise

        return traced


def _taken_from(context: Any) -> Span | None:
    span: Span | None = getattr(context, "span_of_statement", None)
    if span:
        del context.span_of_statement
    return span


def _say_failed(span: Span, error: BaseException) -> None:
    """Name the error by PostgreSQL's code; its text may quote what people wrote."""
    code = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    if code:
        span.set_attribute(names.DB_RESPONSE_STATUS_CODE, str(code))
    span.set_attribute(names.ERROR_TYPE, str(code or type(error).__qualname__))
    span.set_status(StatusCode.ERROR)


@lru_cache(maxsize=STATEMENTS_REMEMBERED)
def summary(statement: str) -> str:
    """Return verb and first table of a statement: `SELECT documents`."""
    verb, _, _ = statement.lstrip().partition(" ")
    found = _TABLE.search(statement)
    verb = verb.strip().upper()
    return f"{verb} {found[1]}" if found else verb
