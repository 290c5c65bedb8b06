"""The span of a message while it is open, and what it says of an error."""

import traceback
from collections.abc import Callable, Mapping

from opentelemetry.trace import INVALID_SPAN, Span, Status, StatusCode

from observability import conventions as names
from observability.handling import without_words
from observability.lean_spans import LeanSpan
from observability.lean_tracer import CurrentSpan


class NoSpan:
    """In the place of a span where none is made."""

    __slots__ = ()

    def __enter__(self) -> Span:
        return INVALID_SPAN

    def __exit__(self, *ended: object) -> None:
        """End nothing."""


NO_SPAN = NoSpan()


class OfMessage(CurrentSpan):
    """Has the span of a message be the current one; what it says besides is asked at its end.

    By then it is known whether it is recorded: an error may have it recorded after all.
    """

    __slots__ = ("_said",)

    def __init__(self, span: Span, said: Callable[[], Mapping[str, str | int]]) -> None:
        super().__init__(span)
        self._said = said

    def failed(self, error: Exception) -> None:
        """Note an error without the words of the message in hand, which it may quote."""
        record(self.span, error, {})
        said = without_words(f"{type(error).__name__}: {error}")
        failed(self.span, type(error).__qualname__, said)

    def end(self) -> None:
        """End the span, if it is recorded with all that it says."""
        if self.span.is_recording():
            self.span.set_attributes(self._said())
        self.span.end()


def failed(span: Span, error_type: str, description: str | None = None) -> None:
    """Mark a span that ends without an exception as failed; `error_type` is of a small set."""
    span.set_attribute(names.ERROR_TYPE, error_type)
    span.set_status(Status(StatusCode.ERROR, description))


def record(span: Span, error: BaseException, more: Mapping[str, int]) -> None:
    """Note an error without the words of the message in hand, which it may quote."""
    if span.is_recording() or isinstance(span, LeanSpan):
        stack = "".join(traceback.format_exception(error))
        said = {
            names.EXCEPTION_MESSAGE: without_words(str(error)),
            names.EXCEPTION_STACKTRACE: without_words(stack),
        }
        span.record_exception(error, {**said, **more})
