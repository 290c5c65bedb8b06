"""The newest traces, in memory: how they are found from a message of a chat, and forgotten."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.playground.telemetry.records import LogLine, Span

TRACES_AT_MOST = 2_000
RECORDS_AT_MOST = 20_000
"""Spans and log lines of all traces together, some 15 MB."""
RECORDS_OF_A_TRACE = 1_000
MESSAGES_AT_MOST = 5_000


@dataclass(slots=True)
class Trace:
    """What one press or message brought about, in the order in which it was told."""

    trace_id: str
    spans: dict[str, Span] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    heard_at: float = 0.0
    """When the last record arrived, on the monotonic clock."""
    messages: set[tuple[int, int]] = field(default_factory=set)
    """The messages that calls of the Bot API touched, as (bot, message)."""
    chats: set[tuple[int, int]] = field(default_factory=set)
    """The chats they went to, as (bot, chat)."""
    update: str = ""
    """The id of the update that began it, `<app>-<update_id>`."""

    @property
    def size(self) -> int:
        """How many records it holds: it only grows."""
        return len(self.spans) + len(self.lines)

    @property
    def start(self) -> int:
        """When it began, in nanoseconds since 1970."""
        begun = [span.start for span in self.spans.values()] or [line.time for line in self.lines]
        return min(begun)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing that another span refers to."""
        parents = {span.parent_id for span in self.spans.values()} - {""}
        return bool(self.spans) and parents <= self.spans.keys()

    def add_span(self, span: Span) -> None:
        """Take a span; one that comes twice counts once."""
        self.spans[span.span_id] = span
        bot, chat = span.attributes.get("telegram.bot_id"), span.attributes.get("telegram.chat_id")
        if isinstance(bot, int) and isinstance(chat, int):
            self.chats.add((bot, chat))
            self.messages |= {(bot, message) for message in touched_messages(span)}
        if span.name == "telegram receive":
            self.update = str(span.attributes.get("switchboard.update", ""))


def touched_messages(span: Span) -> set[int]:
    """The ids of the messages that a call of the Bot API sent, changed or deleted."""
    named = span.attributes.get("telegram.message_ids", ())
    return {part for part in named if isinstance(part, int)} if isinstance(named, tuple) else set()


class Telemetry:
    """All that is kept; the oldest trace is forgotten first."""

    def __init__(self) -> None:
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._records = 0
        self._updates: OrderedDict[tuple[str, int], list[str]] = OrderedDict()

    def note_update(self, app: str, message_id: int, update_id: int) -> None:
        """Remember that writing or pressing a message became an update."""
        self._updates.setdefault((app, message_id), []).append(f"{app}-{update_id}")
        self._updates.move_to_end((app, message_id))
        if len(self._updates) > MESSAGES_AT_MOST:
            self._updates.popitem(last=False)

    def receive(self, spans: Iterable[Span] = (), lines: Iterable[LogLine] = ()) -> None:
        """Keep what belongs to a trace, except for the long polls, which are about no message."""
        for span in spans:
            polls = span.name == "telegram getUpdates"
            if span.trace_id and not polls and (trace := self._open(span.trace_id)):
                self._records += span.span_id not in trace.spans
                trace.add_span(span)
        for line in lines:
            if line.trace_id and (trace := self._open(line.trace_id)):
                self._records += 1
                trace.lines.append(line)
        self._forget()

    def trace(self, trace_id: str) -> Trace | None:
        """The trace with this id, unless it is forgotten."""
        return self._traces.get(trace_id)

    def traces_of(self, app: str, bot_id: int, message_id: int) -> list[Trace]:
        """The traces that began with a message or touched it, the newest first."""
        updates = self._updates.get((app, message_id), [])
        found = [
            trace
            for trace in self._traces.values()
            if (bot_id, message_id) in trace.messages or (trace.update and trace.update in updates)
        ]
        return sorted(found, key=lambda trace: trace.start, reverse=True)

    def latest(self, bot_id: int, chat_id: int) -> Trace | None:
        """The newest trace that reached a chat."""
        found = [trace for trace in self._traces.values() if (bot_id, chat_id) in trace.chats]
        return max(found, key=lambda trace: trace.start, default=None)

    def _open(self, trace_id: str) -> Trace | None:
        """The trace to add to; None for one that has grown beyond all measure."""
        trace = self._traces.setdefault(trace_id, Trace(trace_id))
        trace.heard_at = time.monotonic()
        return trace if trace.size < RECORDS_OF_A_TRACE else None

    def _forget(self) -> None:
        while len(self._traces) > TRACES_AT_MOST or self._records > RECORDS_AT_MOST:
            _, oldest = self._traces.popitem(last=False)
            self._records -= oldest.size
