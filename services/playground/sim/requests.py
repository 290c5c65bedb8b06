"""What every /sim request has in common: its body, its chat, and its errors as JSON."""

from typing import Any

from aiogram.types import User
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from services.playground.actions import NotPossible, PersonInChat
from services.playground.bot_api import STATE
from services.playground.errors import ApiError


class Form(BaseModel):
    """A request's body; a field it does not know is a mistake of the caller."""

    model_config = ConfigDict(extra="forbid")


def person_in_chat(request: web.Request) -> PersonInChat:
    """The person and the bot that the address names; raises HTTPNotFound for unknown ones."""
    state = request.app[STATE]
    bot = state.bots.named(request.match_info["bot"])
    if bot is None:
        raise web.HTTPNotFound(reason=f"there is no bot {request.match_info['bot']}")
    person = known_person(request, int(request.match_info["person"]))
    return PersonInChat(state, bot, person)


def known_person(request: web.Request, person_id: int) -> User:
    """Somebody who has an account here; raises HTTPNotFound for who has none."""
    person = request.app[STATE].people.get(person_id)
    if person is None:
        raise web.HTTPNotFound(reason=f"there is no person {person_id}")
    return person


@web.middleware
async def explain_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn what a caller did wrong into JSON with one sentence."""
    try:
        response: web.StreamResponse = await handler(request)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        return web.json_response({"error": "; ".join(problems)}, status=422)
    except NotPossible as error:
        return web.json_response({"error": str(error)}, status=409)
    except ApiError as error:
        return web.json_response({"error": error.description}, status=error.code)
    except web.HTTPNotFound as error:
        return web.json_response({"error": error.reason}, status=404)
    return response
