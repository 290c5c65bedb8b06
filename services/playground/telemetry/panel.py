"""The panel "What happened": the newest trace of a chosen message, or of the whole chat."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from services.playground.catalogue.page import address_of
from services.playground.page.rendering import View, render
from services.playground.page.views import SECURITY, view_of
from services.playground.telemetry.store import Trace
from services.playground.telemetry.waterfall import Waterfall, duration, waterfall, words

WATCHED_FOR = 10.0
"""Seconds after which a message's trace is taken for all there is."""
QUIET_FOR = 2.0
"""Seconds without news after which a whole trace is taken for finished."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a window asks for; `known` is what it shows already, None when it opens the panel."""

    view: View
    message_id: int | None
    trace_id: str
    since: float
    known: str | None

    @classmethod
    def by(cls, request: web.Request) -> "Asked":
        """Read a request."""
        message_id = request.match_info.get("message_id")
        return cls(
            view=view_of(request),
            message_id=int(message_id) if message_id else None,
            trace_id=request.query.get("trace", ""),
            since=_number(request.query.get("since", "")),
            known=request.query.get("known"),
        )

    def traces(self) -> list[Trace]:
        """The traces to choose from, the newest first."""
        telemetry, bot = self.view.state.telemetry, self.view.bot
        if self.message_id is not None:
            return telemetry.traces_of(bot.app, bot.id, self.message_id)
        latest = telemetry.latest(bot.id, self.view.person.id)
        return [latest] if latest else []


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows of a trace among others."""

    asked: Asked
    traces: Sequence[Trace]
    shown: Trace | None
    watched: bool
    """Whether the window should ask again."""

    @property
    def version(self) -> str:
        """Changes with everything that the panel shows."""
        shown = f"{self.shown.trace_id}-{self.shown.size}" if self.shown else ""
        return f"{shown}-{len(self.traces)}-{self.watched:d}"

    @property
    def address(self) -> str:
        """Where the panel is found, for this message or for the chat."""
        of_message = "" if self.asked.message_id is None else f"/messages/{self.asked.message_id}"
        return f"{self.asked.view.base}{of_message}/what-happened"

    @property
    def next_address(self) -> str:
        """Where to ask whether there is news."""
        query = {"since": f"{self.asked.since:.1f}", "known": self.version}
        if self.asked.trace_id:
            query["trace"] = self.asked.trace_id
        return f"{self.address}?{urlencode(query)}"

    @property
    def waterfall(self) -> Waterfall | None:
        """The shown trace."""
        return waterfall(self.shown, self.asked.message_id) if self.shown else None


def _panel(asked: Asked) -> Panel:
    traces = asked.traces()
    chosen = [trace for trace in traces if trace.trace_id == asked.trace_id] or traces
    shown = chosen[0] if chosen else None
    follows = asked.message_id is None
    in_time = time.time() - asked.since < WATCHED_FOR
    return Panel(asked, traces, shown, follows or (in_time and not _is_finished(shown)))


def _is_finished(trace: Trace | None) -> bool:
    if trace is None or not trace.is_whole:
        return False
    return time.monotonic() - trace.heard_at > QUIET_FOR


async def show_what_happened(request: web.Request) -> web.Response:
    """The panel, or what is new in it; nothing where nothing is."""
    asked = Asked.by(request)
    panel = _panel(asked)
    if panel.version == asked.known:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    template = "what_happened.html" if asked.known is None else "what_happened_trace.html"
    html = render(
        template,
        view=asked.view,
        panel=panel,
        duration=duration,
        words=words,
        clock=_clock,
        described=partial(address_of, request),
    )
    return web.Response(text=html, content_type="text/html", headers=SECURITY)


def _clock(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9).astimezone().strftime("%H:%M:%S")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return time.time()


def add_routes(router: web.UrlDispatcher, chat: str) -> None:
    """The panel of a chat and of each of its messages."""
    router.add_get(chat + "/what-happened", show_what_happened)
    router.add_get(chat + "/messages/{message_id:[0-9]+}/what-happened", show_what_happened)
