"""The streams of changes that keep open pages up to date."""

from collections.abc import Callable

from aiohttp import web
from markupsafe import Markup

from services.playground.bot_api import STATE
from services.playground.history import Change
from services.playground.page.rendering import (
    View,
    bubble_id,
    digest,
    render_answer,
    render_bubble,
    render_history,
    render_lists,
    render_new_bubble,
    render_parts,
)
from services.playground.page.templating import out_of_band
from services.playground.page.views import view_of
from services.playground.waiting import revision_of

KEEP_ALIVE = 15.0


class Parts:
    """The parts of one window that are replaced whole, as the window has them."""

    def __init__(self, render: Callable[[], dict[str, Markup]], shown: str | None) -> None:
        """`shown` is the digest of what the window was loaded with."""
        self._render = render
        current = render()
        self._known = current if shown in (None, digest(current)) else {}

    def forget(self) -> None:
        """Take them all for new."""
        self._known = {}

    def news(self) -> Markup:
        """Those that changed since the last time."""
        parts = self._render()
        news = Markup().join(
            out_of_band(element, content)
            for element, content in parts.items()
            if self._known.get(element) != content
        )
        self._known = parts
        return news


class Following:
    """What the window of one chat has been told so far."""

    def __init__(self, view: View, revision: int, shown: str | None) -> None:
        self._view = view
        self._parts = Parts(lambda: render_parts(view), shown)
        self.revision = revision

    def catch_up(self) -> Markup:
        """Everything anew: for a window that missed nobody knows what."""
        self.revision = revision_of(self._view.state, self._view.key)
        self._parts.forget()
        history = render_history(self._view)
        anew = Markup().join(out_of_band(element, content) for element, content in history.items())
        return anew + self.news()

    def news(self) -> Markup:
        """What changed since the last time; empty if nothing did."""
        after, self.revision = self.revision, revision_of(self._view.state, self._view.key)
        return self._changed_messages(after) + self._answers(after) + self._parts.news()

    def _changed_messages(self, after: int) -> Markup:
        bubbles: dict[str, list[Change]] = {}
        for change in self._view.state.history.changes(self._view.key, after):
            element = bubble_id(change.message_id, change.media_group_id)
            bubbles.setdefault(element, []).append(change)
        return Markup().join(self._changed(*bubble) for bubble in bubbles.items())

    def _changed(self, element: str, changes: list[Change]) -> Markup:
        new = all(change.new for change in changes)
        messages = [change.message for change in changes if change.message]
        if group := changes[0].media_group_id:
            messages = self._view.state.history.album(self._view.key, group)
        if not messages:
            # What came and went in between never was on the page.
            return Markup() if new else out_of_band(element, "", "delete")
        if new:
            return out_of_band("log", render_new_bubble(self._view, messages), "beforeend")
        return render_bubble(self._view, messages, arrival="edited")

    def _answers(self, after: int) -> Markup:
        answers = self._view.state.chats.answers(self._view.key, after)
        toasts = Markup().join(render_answer(answer) for answer in answers if answer.text)
        return out_of_band("toasts", toasts, "beforeend") if toasts else Markup()


async def stream_chat(request: web.Request) -> web.StreamResponse:
    """Tell the window of a chat what changed, until it is closed."""
    view = view_of(request)
    known, resumed = _known_revision(request)
    following = Following(view, known, request.query.get("shown"))
    missed = not resumed and known < revision_of(view.state, view.key)
    first = following.catch_up() if missed else following.news()
    return await _stream(
        request,
        _event(first, following.revision),
        lambda: _event(following.news(), following.revision),
    )


async def stream_lists(request: web.Request) -> web.StreamResponse:
    """Tell a window that shows no chat what changed in the lists, until it is closed."""
    state = request.app[STATE]
    person = state.people.get(int(request.match_info["person"]))
    if person is None:
        raise web.HTTPNotFound
    parts = Parts(lambda: render_lists(state, person, None), request.query.get("shown"))
    return await _stream(request, _event(parts.news()), lambda: _event(parts.news()))


async def _stream(
    request: web.Request, first: bytes, next_event: Callable[[], bytes]
) -> web.StreamResponse:
    state = request.app[STATE]
    changed = state.chats.changed
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    seen = changed.times
    await response.prepare(request)
    event = first
    try:
        while not changed.closed:
            await response.write(event or b": alive\n\n")
            if changed.times == seen:  # else something changed while that was written
                await changed.wait(min(KEEP_ALIVE, state.typing.first_end()))
            seen = changed.times
            event = next_event()
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


def _event(data: Markup, revision: int | None = None) -> bytes:
    """Nothing if there is nothing to tell."""
    if not data:
        return b""
    name = "event: change\n" if revision is None else f"id: {revision}\nevent: change\n"
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"{name}{lines}\n".encode()
