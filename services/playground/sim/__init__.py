"""The /sim interface for tests and scripts, described in docs/playground.md."""

from aiohttp import web

from services.playground.bot_api import STATE
from services.playground.sim import chats, control, traces
from services.playground.sim.requests import explain_errors
from services.playground.state import State

CHAT = "/chats/{bot}/{person:[0-9]+}"


def sim_application(state: State) -> web.Application:
    """Everything under /sim."""
    app = web.Application(middlewares=[explain_errors])
    app[STATE] = state
    app.add_routes(
        [
            web.get("/people", control.list_people),
            web.post("/people", control.add_person),
            web.get("/bots", control.list_bots),
            web.get(CHAT, chats.read_chat),
            web.get(CHAT + ".txt", chats.read_transcript),
            web.post(CHAT + "/say", chats.say),
            web.post(CHAT + "/forward", chats.forward),
            web.post(CHAT + "/contact", chats.share_contact),
            web.post(CHAT + "/location", chats.share_location),
            web.post(CHAT + "/press", chats.press),
            web.post(CHAT + "/upload", chats.upload),
            web.post(CHAT + "/block", chats.block),
            web.post(CHAT + "/unblock", chats.unblock),
            web.get(CHAT + "/files/{message_id:[0-9]+}", chats.download_file),
            web.get("/faults", control.list_faults),
            web.post("/faults", control.add_fault),
            web.delete("/faults", control.clear_faults),
            web.get("/traces/{trace_id:[0-9a-f]{32}}.txt", traces.read_trace),
            web.get("/outbox", control.read_outbox),
            web.delete("/outbox", control.clear_outbox),
            web.post("/lost-files", control.lose_file),
        ]
    )
    return app
