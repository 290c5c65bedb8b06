"""People, bots, faults, lost files and the outbox, over /sim."""

import dataclasses

from aiohttp import web
from pydantic import Field

from services.playground.bot_api import STATE
from services.playground.faults import Fault
from services.playground.json_text import to_jsonable
from services.playground.sim.requests import Form


class NewPerson(Form):
    """Somebody to add."""

    first_name: str = Field(min_length=1, max_length=64)
    language_code: str = Field("en", min_length=2, max_length=10)
    username: str | None = None


class LostFile(Form):
    """A file_id to make invalid."""

    file_id: str


async def list_people(request: web.Request) -> web.Response:
    """Everybody with an account."""
    return web.json_response({"people": to_jsonable(request.app[STATE].people.all())})


async def add_person(request: web.Request) -> web.Response:
    """Give somebody an account."""
    new = NewPerson.model_validate_json(await request.read())
    person = request.app[STATE].people.add(**new.model_dump())
    request.app[STATE].chats.changed.fire()
    return web.json_response(to_jsonable(person), status=201)


async def list_bots(request: web.Request) -> web.Response:
    """Every bot: how it takes its updates, and how many wait for it."""
    state = request.app[STATE]
    bots = [
        {
            "app": bot.app,
            "id": bot.id,
            "username": bot.user.username,
            "polling": state.polling.is_held(bot.id),
            "webhook": state.webhooks.get(bot.id) is not None,
            "pending_updates": state.updates.count(bot.id),
        }
        for bot in state.bots
    ]
    return web.json_response({"bots": bots})


async def list_faults(request: web.Request) -> web.Response:
    """Faults still to happen."""
    return web.json_response({"faults": request.app[STATE].faults.as_json()})


async def add_fault(request: web.Request) -> web.Response:
    """Order a fault."""
    fault = Fault.model_validate_json(await request.read())
    request.app[STATE].faults.add(fault)
    return web.json_response(fault.model_dump(exclude_none=True), status=201)


async def clear_faults(request: web.Request) -> web.Response:
    """Let everything work again."""
    request.app[STATE].faults.pending.clear()
    return web.json_response({"faults": []})


async def read_outbox(request: web.Request) -> web.Response:
    """The last Bot API calls, of one `bot` and `method` if asked."""
    calls = request.app[STATE].outbox.matching(
        request.query.get("bot"), request.query.get("method")
    )
    return web.json_response({"calls": [dataclasses.asdict(call) for call in calls]})


async def clear_outbox(request: web.Request) -> web.Response:
    """Forget the calls so far."""
    request.app[STATE].outbox.calls.clear()
    return web.json_response({"calls": []})


async def lose_file(request: web.Request) -> web.Response:
    """Make a file_id invalid from now on."""
    lost = LostFile.model_validate_json(await request.read())
    if not request.app[STATE].files.lose(lost.file_id):
        raise web.HTTPNotFound(reason="there is no such file_id")
    return web.json_response({"lost": lost.file_id})
