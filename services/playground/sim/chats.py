"""What a person does and sees in a chat, over /sim."""

from aiohttp import web
from pydantic import Field

from services.playground.bot_api import STATE
from services.playground.chats import ChatKey
from services.playground.downloads import download
from services.playground.errors import BadRequest
from services.playground.parameters import read_parameters
from services.playground.sim.requests import Form, known_person, person_in_chat
from services.playground.state import State
from services.playground.transcript import chat_as_json, chat_as_text
from services.playground.waiting import wait_for_change


class Said(Form):
    """A text to say; formatted as Telegram's HTML has it, if that is said."""

    text: str
    html: bool = False


class Forwarded(Form):
    """What another person has written."""

    text: str
    person: int


class SharedContact(Form):
    """Whose contact it is."""

    person: int


class SharedLocation(Form):
    """A place, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Pressed(Form):
    """A button to press, by what is written on it."""

    button: str
    message_id: int | None = None


async def read_chat(request: web.Request) -> web.Response:
    """The chat as JSON; with `after` it is held until something changed or time is up."""
    state, key = request.app[STATE], person_in_chat(request).key
    after = await _held(state, key, request)
    only_changes = request.query.get("only") == "changes"
    return web.json_response(chat_as_json(state, key, after if only_changes else -1))


async def read_transcript(request: web.Request) -> web.Response:
    """The chat as text."""
    state, key = request.app[STATE], person_in_chat(request).key
    await _held(state, key, request)
    return web.Response(text=chat_as_text(state, key))


async def _held(state: State, key: ChatKey, request: web.Request) -> int:
    """Wait as the request asks to; returns the revision it knows already, -1 for none."""
    if "after" not in request.query:
        return -1
    try:
        after = int(request.query["after"])
        timeout = float(request.query.get("timeout", "10"))
    except ValueError:
        raise BadRequest("after is a revision, timeout is seconds") from None
    await wait_for_change(state, key, after, timeout)
    return after


async def say(request: web.Request) -> web.Response:
    """Say a text."""
    said = Said.model_validate_json(await request.read())
    message = person_in_chat(request).says(said.text, html=said.html)
    return web.json_response({"message_id": message.message_id})


async def forward(request: web.Request) -> web.Response:
    """Send on what somebody else has written."""
    forwarded = Forwarded.model_validate_json(await request.read())
    author = known_person(request, forwarded.person)
    message = person_in_chat(request).forwards(forwarded.text, author)
    return web.json_response({"message_id": message.message_id})


async def share_contact(request: web.Request) -> web.Response:
    """Send somebody's contact."""
    shared = SharedContact.model_validate_json(await request.read())
    message = person_in_chat(request).shares_contact(known_person(request, shared.person))
    return web.json_response({"message_id": message.message_id})


async def share_location(request: web.Request) -> web.Response:
    """Send a place."""
    place = SharedLocation.model_validate_json(await request.read())
    message = person_in_chat(request).shares_location(place.latitude, place.longitude)
    return web.json_response({"message_id": message.message_id})


async def press(request: web.Request) -> web.Response:
    """Press a button by its label."""
    pressed = Pressed.model_validate_json(await request.read())
    result = person_in_chat(request).presses(pressed.button, pressed.message_id)
    return web.json_response(result)


async def upload(request: web.Request) -> web.Response:
    """Upload the parts `file`, with the fields `caption` and `as` (`document` or `photo`)."""
    person = person_in_chat(request)
    parameters = await read_parameters(request.headers, request.content, request.query)
    kind = parameters.fields.get("as", "document")
    if set(parameters.files) != {"file"} or kind not in ("document", "photo"):
        raise BadRequest("send a part named file (or several), and as=document or as=photo")
    caption = parameters.fields.get("caption", "")
    files = [file for _, file in parameters.parts]
    messages = person.uploads(files, caption, as_photos=kind == "photo")
    ids = [message.message_id for message in messages]
    return web.json_response({"message_id": ids[0], "message_ids": ids})


async def block(request: web.Request) -> web.Response:
    """Stop the bot."""
    person_in_chat(request).blocks(True)
    return web.json_response({"blocked": True})


async def unblock(request: web.Request) -> web.Response:
    """Let the bot write again."""
    person_in_chat(request).blocks(False)
    return web.json_response({"blocked": False})


async def download_file(request: web.Request) -> web.StreamResponse:
    """The bytes of the file in a message."""
    return download(request, person_in_chat(request).key)
