"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram.methods import GetUpdates
from aiohttp import web

from services.playground.bots import Bot
from services.playground.decode import decode, method_named
from services.playground.errors import ApiError, NotServed, not_found, unauthorized
from services.playground.faults import Fault
from services.playground.json_text import to_jsonable
from services.playground.methods import SERVED
from services.playground.parameters import Parameters, read_parameters
from services.playground.state import State

log = structlog.get_logger()

STATE: web.AppKey[State] = web.AppKey("state", State)
# Parameters that would change where a message goes; others the playground ignores are looks.
NOT_SERVED = (
    "business_connection_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "message_thread_id",
    "receiver_user_id",
    "suggested_post_parameters",
)
DOWNLOAD = "download"  # a fault's name for the /file/ address, which is no method


@dataclass(frozen=True)
class Answer:
    """An HTTP status and Telegram's envelope."""

    status: int
    body: dict[str, Any]


async def serve_method(request: web.Request) -> web.StreamResponse:
    """Any method, by any verb, in any encoding."""
    state = request.app[STATE]
    try:
        bot = _authorized(state, request)
        parameters = await read_parameters(request.headers, request.content, request.query)
    except ApiError as error:
        return web.json_response(error.envelope(), status=error.code)
    method = request.match_info["method"]
    fault = state.faults.take(bot, method, parameters)
    answer = await call(state, bot, method, parameters, fault)
    if fault and fault.hides_answer:
        await asyncio.sleep(fault.withhold)
        if request.transport:
            request.transport.close()
    return web.json_response(answer.body, status=answer.status)


async def call(
    state: State, bot: Bot, method: str, parameters: Parameters, fault: Fault | None = None
) -> Answer:
    """Carry out one method, remember it in the outbox, and put the result into the envelope."""
    try:
        result = await _result(state, bot, method, parameters, fault)
        answer = Answer(200, {"ok": True, "result": to_jsonable(result)})
    except ApiError as error:
        answer = Answer(error.code, error.envelope())
    except Exception:
        log.exception("method.failed", bot=bot.app, method=method)
        answer = Answer(500, ApiError(500, "Internal Server Error").envelope())
    state.outbox.record(bot, method, parameters, answer.body)
    return answer


async def _result(
    state: State, bot: Bot, method: str, parameters: Parameters, fault: Fault | None
) -> Any:
    await _suffer(fault)
    method_class = method_named(method)
    handler = SERVED.get(method_class)
    if handler is None:
        log.warning("method.not_served", bot=bot.app, method=method_class.__api_method__)
        raise NotServed(f"method {method_class.__api_method__}")
    decoded = decode(method_class, parameters)
    for name in NOT_SERVED:
        if getattr(decoded, name, None) is not None:
            raise NotServed(f"parameter {name}")
    result = await handler(state, bot, decoded)
    if isinstance(decoded, GetUpdates):
        before = state.polling.handed_out(bot.id, result)
        return fault.rearranged(result, before) if fault else result
    return result


async def _suffer(fault: Fault | None) -> None:
    if fault is None:
        return
    await asyncio.sleep(fault.delay)
    if error := fault.error():
        raise error


async def serve_file(request: web.Request) -> web.StreamResponse:
    """Download what getFile gave a path for."""
    state = request.app[STATE]
    try:
        bot = _authorized(state, request)
        await _suffer(state.faults.take(bot, DOWNLOAD, Parameters()))
        stored = state.files.at(bot.id, request.match_info["path"])
        if stored is None or stored.lost:
            raise not_found("file not found")
    except ApiError as error:
        return web.json_response(error.envelope(), status=error.code)
    return web.FileResponse(
        state.files.content_path(stored), headers={"Content-Type": "application/octet-stream"}
    )


def _authorized(state: State, request: web.Request) -> Bot:
    bot = state.bots.with_token(request.match_info["token"])
    if bot is None:
        raise unauthorized()
    return bot


def add_routes(router: web.UrlDispatcher) -> None:
    """Everything a Bot API client asks for."""
    router.add_route("*", "/bot{token}/{method}", serve_method)
    router.add_get("/file/bot{token}/{path:.+}", serve_file)
