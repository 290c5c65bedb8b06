"""Serves the page of all messages at /messages."""

from aiohttp import web

from services.playground.catalogue.document import KINDS, Catalogue
from services.playground.page.templating import render
from services.playground.page.views import SECURITY

CATALOGUE: web.AppKey[Catalogue] = web.AppKey("catalogue", Catalogue)
ADDRESS = "/messages"


async def show_catalogue(request: web.Request) -> web.Response:
    """All messages, or how to have them shown."""
    html = render("catalogue.html", catalogue=request.app.get(CATALOGUE), kinds=KINDS)
    return web.Response(text=html, content_type="text/html", headers=SECURITY)


def address_of(request: web.Request, subject: str) -> str:
    """Return where the message that travels on a subject is described, or an empty text."""
    catalogue = request.app.get(CATALOGUE)
    name = catalogue.described(subject) if catalogue else ""
    return f"{ADDRESS}#{name}" if name else ""


def add_routes(router: web.UrlDispatcher) -> None:
    """The page, beside those of the chats."""
    router.add_get(ADDRESS, show_catalogue)
