"""The stream of changes that keeps an open page up to date."""

from aiohttp import web
from markupsafe import Markup

from services.playground.page.rendering import (
    View,
    out_of_band,
    render_answer,
    render_message,
    render_messages,
    render_parts,
)
from services.playground.page.views import view_of
from services.playground.waiting import revision_of

KEEP_ALIVE = 15.0


class Following:
    """What one window has been told so far."""

    def __init__(self, view: View, revision: int) -> None:
        self._view = view
        self._parts = render_parts(view)  # the page was rendered a moment ago
        self.revision = revision

    def catch_up(self) -> Markup:
        """Everything anew: for a window that missed nobody knows what."""
        self.revision = revision_of(self._view.state, self._view.key)
        self._parts = {}
        return out_of_band("log", render_messages(self._view)) + self.news()

    def news(self) -> Markup:
        """What changed since the last time; empty if nothing did."""
        after, self.revision = self.revision, revision_of(self._view.state, self._view.key)
        news = self._changed_messages(after) + self._answers(after)
        parts = render_parts(self._view)
        for element, content in parts.items():
            if self._parts.get(element) != content:
                news += out_of_band(element, content)
        self._parts = parts
        return news

    def _changed_messages(self, after: int) -> Markup:
        news = Markup()
        for change in self._view.state.history.changes(self._view.key, after):
            element = f"message-{change.message_id}"
            if change.message is None:
                # A message that came and went in between never was on the page.
                news += Markup() if change.new else out_of_band(element, "", "delete")
            elif change.new:
                bubble = render_message(self._view, change.message, arrival="new")
                news += out_of_band("log", bubble, "beforeend")
            else:
                news += render_message(self._view, change.message, arrival="edited")
        return news

    def _answers(self, after: int) -> Markup:
        answers = self._view.state.chats.answers(self._view.key, after)
        toasts = Markup().join(render_answer(answer) for answer in answers if answer.text)
        return out_of_band("toasts", toasts, "beforeend") if toasts else Markup()


async def stream_changes(request: web.Request) -> web.StreamResponse:
    """Tell an open window what changed, until it is closed."""
    view = view_of(request)
    changed = view.state.chats.changed
    known, resumed = _known_revision(request)
    following = Following(view, known)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    missed = not resumed and known < revision_of(view.state, view.key)
    news = following.catch_up() if missed else following.news()
    try:
        while not changed.closed:
            await response.write(_event(following.revision, news) if news else b": alive\n\n")
            await changed.wait(KEEP_ALIVE)
            news = following.news()
    except ConnectionResetError:
        pass  # the window was closed
    return response


def _known_revision(request: web.Request) -> tuple[int, bool]:
    """What the window knows, and whether that is what this stream told it before."""
    last_event = request.headers.get("Last-Event-ID", "")
    if last_event.isdecimal():
        return int(last_event), True
    after = request.query.get("after", "")
    return (int(after) if after.isdecimal() else 0), False


def _event(revision: int, data: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"id: {revision}\nevent: change\n{lines}\n".encode()
