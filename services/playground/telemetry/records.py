"""Spans and log lines as the page needs them, whoever sent them and in whatever form."""

from collections.abc import Mapping
from dataclasses import dataclass

Value = str | int | float | bool | tuple[str | int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Something that a service did; ids are hexadecimal, times in nanoseconds since 1970."""

    trace_id: str
    span_id: str
    parent_id: str
    """Empty where a trace begins."""
    service: str
    name: str
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, Value]
    problems: tuple[str, ...]
    """The exceptions that were recorded, each as `type: text`."""
    links: tuple[str, ...] = ()
    """The traces that this one is about, and not a part of."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a service said while it did that; `level` is lower case."""

    trace_id: str
    span_id: str
    service: str
    time: int
    level: str
    event: str
    fields: Mapping[str, Value]
