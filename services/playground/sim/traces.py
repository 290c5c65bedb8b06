"""Traces over /sim, by their ids."""

from http import HTTPStatus

from aiohttp import web

from services.playground.bot_api import STATE
from services.playground.telemetry.telling import told


async def read_trace(request: web.Request) -> web.Response:
    """A trace as text."""
    trace_id = request.match_info["trace_id"]
    trace = request.app[STATE].telemetry.trace(trace_id)
    if trace is None:
        known = "not known: older than this playground's memory, or its spans went elsewhere"
        return web.Response(status=HTTPStatus.NOT_FOUND, text=f"{trace_id} is {known}\n")
    return web.Response(text=told(trace, attributes="attributes" in request.query))
