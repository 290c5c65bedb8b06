"""Starting and stopping the playground."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web
from yarl import URL

from services.playground import bot_api, page
from services.playground.bot_api import STATE
from services.playground.bots import Bots
from services.playground.bus_view.figures import BusWatch
from services.playground.bus_view.tab import BUS
from services.playground.callbacks import CallbackQueries
from services.playground.catalogue import page as catalogue
from services.playground.catalogue.document import Catalogue, NoCatalogue
from services.playground.catalogue.page import CATALOGUE
from services.playground.chats import Chats
from services.playground.commands import Commands
from services.playground.database import open_database
from services.playground.delivery import Delivery
from services.playground.files import Files
from services.playground.history import History
from services.playground.people import People
from services.playground.polling import Polling
from services.playground.settings import PlaygroundSettings
from services.playground.sim import sim_application
from services.playground.state import State
from services.playground.telemetry import receiver
from services.playground.typing_status import TypingStatus
from services.playground.updates import Updates
from services.playground.webhooks import Webhooks

log = structlog.get_logger()

SHUTDOWN_TIMEOUT = 1.0


@dataclass(frozen=True)
class Playground:
    """A running playground; `url` is the Bot API's base, the page and the root of /sim."""

    url: str


@asynccontextmanager
async def playground(
    settings: PlaygroundSettings, bus: BusWatch | None = None
) -> AsyncIterator[Playground]:
    """Serve until left; what happened in the chats stays in the directory. Shows a bus, if any."""
    state = open_state(settings)
    app = application(state)
    if bus:
        app[BUS] = bus
    if settings.asyncapi:
        _describe(app, settings.asyncapi)
    try:
        async with _delivering(state), _serving(app, settings) as url:
            log.info("playground.started", url=url)
            yield Playground(url)
    finally:
        state.db.close()


def _describe(app: web.Application, file: Path) -> None:
    try:
        app[CATALOGUE] = Catalogue(file)
    except NoCatalogue as error:
        log.warning("messages.unknown", error=str(error))


@asynccontextmanager
async def _delivering(state: State) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as session:
        deliveries = [
            asyncio.create_task(_deliver(Delivery(state, bot, session))) for bot in state.bots
        ]
        try:
            yield
        finally:
            for delivery in deliveries:
                delivery.cancel()
            await asyncio.gather(*deliveries, return_exceptions=True)


async def _deliver(delivery: Delivery) -> None:
    try:
        await delivery.run()
    except Exception:
        log.exception("webhook.delivery_crashed", bot=delivery.bot.app)


@asynccontextmanager
async def _serving(app: web.Application, settings: PlaygroundSettings) -> AsyncIterator[str]:
    # No access log: the addresses hold the bots' tokens.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        port = runner.addresses[0][1]
        yield str(URL.build(scheme="http", host=settings.host, port=port))
    finally:
        app[STATE].stop_waiting()  # held requests first: each of them would delay the server's end
        await runner.cleanup()


def application(state: State) -> web.Application:
    """All that is served: the Bot API, the page, OTLP and /sim."""
    app = web.Application()
    app[STATE] = state
    bot_api.add_routes(app.router)
    page.add_routes(app.router)
    catalogue.add_routes(app.router)
    receiver.add_routes(app.router)
    app.add_subapp("/sim/", sim_application(state))
    return app


def open_state(settings: PlaygroundSettings) -> State:
    """What earlier runs left in the directory."""
    settings.directory.mkdir(parents=True, exist_ok=True)
    db = open_database(settings.directory / "playground.sqlite3")
    chats, updates = Chats(db), Updates(db)
    return State(
        db=db,
        bots=Bots(db, settings.bots),
        people=People(db),
        chats=chats,
        history=History(db),
        updates=updates,
        callbacks=CallbackQueries(db),
        files=Files(db, settings.directory / "files"),
        commands=Commands(db),
        webhooks=Webhooks(db),
        polling=Polling(updates),
        typing=TypingStatus(chats.changed),
    )
