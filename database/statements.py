"""Each statement is timed, and a span of what is being handled; the span's text holds no values.

Outside of any trace it is no span: the clock's and the probes' would be traces without end.
"""

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine

from observability import conventions as names
from observability.calls import Calls
from observability.lean_spans import within_a_trace

TARGET = SYSTEM = "postgresql"
TEXT_LENGTH = 2000
"""Characters of a statement; those with a list of many values are longer."""
STATEMENTS_REMEMBERED = 1024
COMMIT = "COMMIT"

_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?\"?([a-z_][a-z0-9_]*+)(?!\()", re.I)
_VERB = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE)\b", re.I)


def watch_statements(pool: AsyncEngine, tracer: Tracer, calls: Calls) -> "Statements":
    """Time all that the pool's connections execute from now on, and make spans of it.

    What goes past the pool's dialect is watched by whoever has the statements returned.
    """
    statements = Statements(pool.sync_engine, tracer, calls)
    statements.listen()
    return statements


class Running:
    """A statement under way; it has a span where something is being handled in a trace.

    It ends with its `with` block, or when it is told to.
    """

    __slots__ = ("began", "span", "statement", "statements", "summary")

    def __init__(self, statements: "Statements", short: str, statement: str) -> None:
        self.statements, self.summary, self.statement = statements, short, statement
        # Without a span, one that fails has it made afterwards.
        recorded = get_current_span().is_recording()
        self.span = statements.begun(short, statement) if recorded else None
        self.began = time.perf_counter()

    def __enter__(self) -> None:
        """Nothing is left to do: it runs since it was made."""

    def __exit__(self, kind: object, error: BaseException | None, place: object) -> None:
        self.end(error)

    def end(self, error: BaseException | None) -> None:
        """Count it, and end its span."""
        seconds = time.perf_counter() - self.began
        self.statements.count(self.summary, seconds, error)
        span = self.span
        if error is not None and span is None and within_a_trace():
            span = self.statements.begun(self.summary, self.statement, round(seconds * 1e9))
        if span:
            if error is not None:
                _say_failed(span, error)
            span.end()


class Statements:
    """What is done with the statements of one pool: they are counted, and become spans."""

    def __init__(self, engine: Engine, tracer: Tracer, calls: Calls) -> None:
        self._engine = engine
        self._tracer = tracer
        self._calls = calls
        url = engine.url
        place = {
            names.DB_SYSTEM_NAME: SYSTEM,
            names.DB_NAMESPACE: url.database,
            names.SERVER_ADDRESS: url.host,
            names.SERVER_PORT: url.port,
        }
        self._place: dict[str, str | int] = {name: said for name, said in place.items() if said}
        self._said = lru_cache(maxsize=STATEMENTS_REMEMBERED)(self._about)

    def running(self, short: str, statement: str) -> Running:
        """Return a statement, named by its `summary`, that begins now."""
        return Running(self, short, statement)

    def listen(self) -> None:
        """Hear of all that the pool's connections execute."""
        event.listen(self._engine, "before_cursor_execute", self._begin)
        event.listen(self._engine, "after_cursor_execute", self._end)
        event.listen(self._engine, "handle_error", self._fail)
        dialect: Any = self._engine.dialect
        # There is no event after a commit, and that is when PostgreSQL writes to the disk.
        dialect.do_commit = self._watching(dialect.do_commit)

    def _begin(self, _connection: Any, _cursor: Any, statement: str, *more: Any) -> None:
        _parameters, context, _many = more
        context.running = self.running(summary(statement), statement)

    def _end(self, *given: Any) -> None:
        *_, context, _many = given
        if running := _taken_from(context):
            running.end(None)

    def _fail(self, failed: ExceptionContext) -> None:
        if running := _taken_from(failed.execution_context):
            running.end(failed.original_exception)

    def _watching(self, commit: Callable[[Any], None]) -> Callable[[Any], None]:
        def watched(connection: Any) -> None:
            with self.running(COMMIT, COMMIT):
                commit(connection)

        return watched

    def begun(self, short: str, statement: str, before: int = 0) -> Span:
        """Begin the span of a statement, so many nanoseconds ago."""
        return self._tracer.start_span(
            short,
            kind=SpanKind.CLIENT,
            attributes=self._said(statement),
            start_time=time.time_ns() - before,
        )

    def count(self, short: str, seconds: float, error: BaseException | None) -> None:
        """Count a statement that has ended: ok, cancelled or failed."""
        cancelled = error is not None and not isinstance(error, Exception)
        result = "ok" if error is None else "cancelled" if cancelled else "failed"
        self._calls.observe(TARGET, short, result, seconds)

    def _about(self, statement: str) -> dict[str, str | int]:
        """What all spans of a statement say."""
        return {
            **self._place,
            names.DB_QUERY_SUMMARY: summary(statement),
            names.DB_QUERY_TEXT: statement[:TEXT_LENGTH],
        }


def _taken_from(context: Any) -> Running | None:
    running: Running | None = getattr(context, "running", None)
    if running:
        context.running = None
    return running


def _say_failed(span: Span, error: BaseException) -> None:
    """Name the error by PostgreSQL's code; its text may quote what people wrote."""
    code = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    if code:
        span.set_attribute(names.DB_RESPONSE_STATUS_CODE, str(code))
    span.set_attribute(names.ERROR_TYPE, str(code or type(error).__qualname__))
    span.set_status(StatusCode.ERROR)


@lru_cache(maxsize=STATEMENTS_REMEMBERED)
def summary(statement: str) -> str:
    """Return verb and first table of a statement, such as `SELECT documents`, also behind WITH."""
    verb = statement.split(maxsplit=1)[0].upper() if statement.strip() else ""
    if verb == "WITH" and (does := _VERB.search(statement)):
        verb = does[0].upper()
    found = _TABLE.search(statement)
    return f"{verb} {found[1]}" if found else verb
