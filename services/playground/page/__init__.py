"""The chat page: plain HTML from the server, kept up to date by server-sent events."""

from pathlib import Path

from aiohttp import web

from services.playground.bus_view import tab
from services.playground.page import views
from services.playground.page.events import stream_chat, stream_lists
from services.playground.telemetry import panel

CHAT = "/page/{bot}/{person:[0-9]+}"
STATIC = Path(__file__).parent / "static"


def add_routes(router: web.UrlDispatcher) -> None:
    """The page at `/`, and what it asks for under /page."""
    router.add_get("/", views.show_page)
    router.add_post("/page/people", views.add_person)
    router.add_get("/page/people/{person:[0-9]+}/events", stream_lists)
    router.add_post(CHAT + "/say", views.say)
    router.add_post(CHAT + "/press", views.press)
    router.add_post(CHAT + "/send", views.send)
    router.add_post(CHAT + "/read", views.read)
    router.add_get(CHAT + "/messages", views.show_earlier)
    router.add_post(CHAT + "/block", views.block)
    router.add_get(CHAT + "/files/{message_id:[0-9]+}", views.show_file)
    router.add_get(CHAT + "/events", stream_chat)
    panel.add_routes(router, CHAT)
    tab.add_routes(router, CHAT)
    router.add_static("/page/static", STATIC)
