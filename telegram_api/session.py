"""How calls are put into requests: in JSON, which costs less than a form."""

from functools import cache
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InlineKeyboardMarkup
from aiohttp import BytesPayload, FormData

from observability.calls import Calls

_PLAIN = (str, int, float, dict)


def prepare_calls(*methods: type[TelegramMethod[Any]]) -> None:
    """Build the models of calls and of their answers now, and not while somebody waits for them."""
    for method in methods:
        method.model_rebuild()
        _answer_with(method.__returning__).model_rebuild()


@cache
def _answer_with(returned: Any) -> type[Response[Any]]:
    """Return the model of an answer, which is held from now on.

    pydantic holds it weakly: each look for garbage would have it built anew, for milliseconds.
    """
    answer: Any = Response
    made: type[Response[Any]] = answer[returned]
    return made


class Session(AiohttpSession):
    """A session that knows where calls are timed: files come down beside its middlewares."""

    def __init__(self, calls: Calls, **settings: Any) -> None:
        super().__init__(**settings)
        self.calls = calls

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Return an answer, or raise what it says, as aiogram does."""
        _answer_with(method.__returning__)
        return super().check_response(bot, method, status_code, content)

    def build_form_data(self, bot: Bot, method: TelegramMethod[TelegramType]) -> FormData:
        """Return the body of a request; aiohttp takes one of any kind."""
        given: dict[str, Any] = {}
        for name, value in method:
            said = bot.default[value.name] if isinstance(value, Default) else value
            if said is None or said == "":
                continue
            if isinstance(said, InlineKeyboardMarkup):
                given[name] = said.model_dump(exclude_none=True)
            elif isinstance(said, _PLAIN):
                given[name] = said
            else:  # files, and what may hold some
                return super().build_form_data(bot, method)
        said_in_json = msgspec.json.encode(given)
        return BytesPayload(  # type: ignore[return-value] # declared narrower than it is used
            said_in_json, content_type="application/json"
        )
