"""Serves the tab: once whole, then its figures again each second."""

from functools import partial

from aiohttp import web

from services.playground.bus_view.figures import BusWatch
from services.playground.bus_view.tables import age, consumer_rows, rate, subject_rows
from services.playground.catalogue.page import address_of
from services.playground.page.rendering import render
from services.playground.page.views import SECURITY, view_of

BUS: web.AppKey[BusWatch] = web.AppKey("bus", BusWatch)


async def show_bus(request: web.Request) -> web.Response:
    """The tab, or its figures alone."""
    watch = request.app.get(BUS)
    figures = await watch.look() if watch else None
    html = render(
        "bus_figures.html" if "again" in request.query else "bus.html",
        view=view_of(request),
        is_known=watch is not None,
        figures=figures,
        subjects=subject_rows(figures.subjects) if figures else [],
        consumer_rows=consumer_rows,
        age=age,
        rate=rate,
        described=partial(address_of, request),
    )
    return web.Response(text=html, content_type="text/html", headers=SECURITY)


def add_routes(router: web.UrlDispatcher, chat: str) -> None:
    """The tab of a chat's window."""
    router.add_get(chat + "/bus", show_bus)
