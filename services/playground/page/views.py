"""What the page's links, forms and buttons ask for."""

from collections.abc import Callable

from aiohttp import web

from services.playground.actions import NotPossible, PersonInChat
from services.playground.bot_api import STATE
from services.playground.downloads import download
from services.playground.errors import ApiError
from services.playground.page.rendering import View, render_earlier, render_page, render_refusal
from services.playground.parameters import Parameters, UploadedFile, read_parameters

SECURITY = {
    # blob: what somebody is about to send is shown to them before it is sent.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:;"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
MAX_NAME = 64
MAX_DIGITS = 15  # of a number: whatever SQLite can compare


async def show_page(request: web.Request) -> web.Response:
    """The page: at first the first person with the first bot; with a person alone, the lists."""
    state = request.app[STATE]
    wanted = request.query.get("person", "")
    people = state.people.all()
    person = (state.people.get(int(wanted)) if wanted.isdecimal() else None) or people[0]
    bot = state.bots.named(request.query.get("bot", ""))
    if not wanted and bot is None:
        bot = next(iter(state.bots), None)
    html = render_page(state, person, bot)
    return web.Response(text=html, content_type="text/html", headers=SECURITY)


def view_of(request: web.Request) -> View:
    """The chat that the address names; raises HTTPNotFound for an unknown one."""
    state = request.app[STATE]
    bot = state.bots.named(request.match_info["bot"])
    person = state.people.get(int(request.match_info["person"]))
    if bot is None or person is None:
        raise web.HTTPNotFound
    return View(state, person, bot)


def _person(request: web.Request) -> PersonInChat:
    view = view_of(request)
    return PersonInChat(view.state, view.bot, view.person)


async def say(request: web.Request) -> web.Response:
    """Say a command, or the label of a button on the reply keyboard."""
    form = await request.post()
    return _done(lambda: _person(request).says(str(form.get("text", ""))))


async def press(request: web.Request) -> web.Response:
    """Press the button of a message at a place, if it still has that label."""
    form = await request.post()
    message_id, index = (_number(str(form.get(name, ""))) for name in ("message_id", "index"))
    label = str(form.get("label", ""))
    return _done(lambda: _person(request).presses_at(message_id, index, label))


async def send(request: web.Request) -> web.Response:
    """Send what the form holds: its text, or its photos and documents with the text as caption."""
    person = _person(request)
    try:
        parameters = await read_parameters(request.headers, request.content, request.query)
    except ApiError as error:
        return _refused(error.description)
    # A form ends its lines as the protocol wants it, a messenger does not.
    text = str(parameters.fields.get("text", "")).replace("\r\n", "\n").strip()
    chosen = {kind: _chosen(parameters, kind) for kind in ("photo", "document")}
    if not any(chosen.values()):
        return _done(lambda: person.says(text))
    return _done(lambda: _upload(person, chosen, text))


def _chosen(parameters: Parameters, name: str) -> list[UploadedFile]:
    """An input in which nothing was chosen arrives as a file without a name."""
    return [file for part, file in parameters.parts if part == name and file.filename]


def _upload(person: PersonInChat, chosen: dict[str, list[UploadedFile]], caption: str) -> None:
    for kind, files in chosen.items():
        if files:
            person.uploads(files, caption, as_photos=kind == "photo")
            caption = ""  # once is enough


async def read(request: web.Request) -> web.Response:
    """The person has seen everything up to a message."""
    up_to = _number(str((await request.post()).get("up_to", "")))
    view = view_of(request)
    view.state.chats.mark_read(view.key, up_to)
    return web.Response(status=204)


async def show_earlier(request: web.Request) -> web.Response:
    """The messages above the one named `before`."""
    html = render_earlier(view_of(request), _number(request.query.get("before", "")))
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > MAX_DIGITS:
        raise web.HTTPBadRequest
    return int(text)


async def block(request: web.Request) -> web.Response:
    """Stop the bot, or let it write again."""
    form = await request.post()
    return _done(lambda: _person(request).blocks(form.get("blocked") == "yes"))


def _done(action: Callable[[], object]) -> web.Response:
    """Act; what changed reaches the page by its stream, a refusal by the answer."""
    try:
        action()
    except NotPossible as error:
        return _refused(str(error))
    except ApiError as error:
        return _refused(error.description)
    return web.Response(status=204)


def _refused(why: str) -> web.Response:
    # 200: htmx swaps nothing in from an answer that says error.
    return web.Response(
        text=render_refusal(why), content_type="text/html", headers={"X-Refused": "yes"}
    )


async def show_file(request: web.Request) -> web.StreamResponse:
    """The file of a message."""
    return download(request, view_of(request).key)


async def add_person(request: web.Request) -> web.Response:
    """Add somebody and show the page as they see it."""
    form = await request.post()
    name = str(form.get("first_name", "")).strip()[:MAX_NAME]
    if not name:
        raise web.HTTPSeeOther("/")
    state = request.app[STATE]
    person = state.people.add(name, str(form.get("language_code", "en"))[:10])
    state.chats.changed.fire()
    raise web.HTTPSeeOther(f"/?person={person.id}")
