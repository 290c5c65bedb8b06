"""All that stands behind the bot's handlers: Telegram's playground, and the other services."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiogram.types import Update
from nats.aio.subscription import Subscription

import bus.outcomes
from bus import Envelope
from bus.caller import Wire
from bus.connection import connect
from bus.delivery import Delivery
from bus.middleware.heartbeat import heartbeat
from bus.outcomes import outcomes
from bus.router import Handler
from contracts.updates import TelegramUpdate
from services.bot import documents, people
from services.bot.dispatching import Dispatch
from services.bot.flood import Flood
from services.bot.in_flight import InFlight
from services.bot.memory import Memory
from services.bot.updates import UpdateHandling
from services.life import Life
from services.run import load
from services.settings import BotSettings, OperatorSettings, read_settings
from services.told import Told
from telegram_api.client import telegram_bots

APP = "documents"
START_DEADLINE, STOP_DEADLINE = 90.0, 60.0
BUDGET = 30.0
IN_VAIN = 0.5
"""Seconds to wait for an outcome that cannot come."""


class Services:
    """Services of this process, each started and stopped by name."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Life, asyncio.Future[None]]] = {}

    async def start(self, name: str) -> None:
        """Start a service and wait until it works."""
        settings, service = load(name)
        life = Life.begin(name)
        serving = asyncio.ensure_future(service(read_settings(settings), life))
        self._running[name] = life, serving
        ready = asyncio.ensure_future(life.ready.wait())
        await asyncio.wait(
            [serving, ready], timeout=START_DEADLINE, return_when=asyncio.FIRST_COMPLETED
        )
        if not ready.done():
            ready.cancel()
            await self.stop(name)  # raises what has ended it
        assert life.ready.is_set(), f"{name} is not ready"
        _be_patient(name, BUDGET)

    async def stop(self, name: str) -> None:
        """Stop a service once it has finished what it has in hand."""
        life, task = self._running.pop(name)
        life.stopping.set()
        await asyncio.wait_for(task, STOP_DEADLINE)
        await life.end()
        _be_patient(name, IN_VAIN)

    def retries(self, name: str, consumer: str, reason: str) -> float:
        """Return how many attempts a service has made again, so far and for one reason."""
        labels = {"consumer": consumer, "reason": reason}
        registry = self._running[name][0].registry
        return registry.get_sample_value("messaging_retries_total", labels) or 0.0

    async def stop_all(self) -> None:
        """Stop what is left."""
        for name in reversed(list(self._running)):
            await self.stop(name)


def _be_patient(service: str, seconds: float) -> None:
    """Wait for outcomes as long as a busy machine may take, where anybody is there to do it."""
    if service == "storage":
        bus.outcomes.PATIENCE = bus.outcomes.LITTLE_PATIENCE = seconds


class Unsettled:
    """Updates are fed by hand here: no server waits for them to be settled."""

    async def in_progress(self) -> None:
        """Nothing to ask for."""


@dataclass(frozen=True)
class Backstage:
    """The updates of one bot, handled when a test says so."""

    telegram: aiohttp.ClientSession
    services: Services
    handling: UpdateHandling
    token: str

    async def updates(self) -> list[TelegramUpdate]:
        """Take what the playground holds for the bot."""
        body = await self._get_updates(0)
        if body:
            await self._get_updates(body[-1]["update_id"] + 1)
        return [
            TelegramUpdate(
                app=APP, chat_id=_chat_of(update), update_id=update["update_id"], body=update
            )
            for update in body
        ]

    async def handle(self, update: TelegramUpdate) -> None:
        """Handle an update as the bot service does."""
        await heartbeat(self.delivery(update), self.handling)

    def delivery(self, update: TelegramUpdate) -> Delivery:
        """Return an update in hand, as the bus has just delivered it."""
        return Delivery(
            subject="",
            stream="",
            consumer="",
            attempt=1,
            envelope=Envelope(message_id=f"{update.app}-{update.update_id}"),
            headers={},
            payload=b"",
            message=update,
            handler=Handler("updates", TelegramUpdate, UpdateHandling.__call__, {}),
            acknowledgement=Unsettled(),
            arrived_at=time.time(),
            scope={Update: Update.model_validate(update.body)},
        )

    @asynccontextmanager
    async def events(self, subject: str) -> AsyncIterator[Subscription]:
        """Listen to the events of a subject, as an operator may."""
        settings = read_settings(OperatorSettings)
        async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
            subscription = await link.client.subscribe(subject)
            await link.client.flush()
            yield subscription

    async def _get_updates(self, offset: int) -> list[dict[str, Any]]:
        address = f"/bot{self.token}/getUpdates"
        async with self.telegram.post(address, json={"offset": offset}) as response:
            found: list[dict[str, Any]] = (await response.json())["result"]
            return found


@asynccontextmanager
async def backstage() -> AsyncIterator[Backstage]:
    """Run the playground, storage, query and files, as the environment says."""
    services = Services()
    settings = read_settings(BotSettings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.stop_all)
        for name in ("playground", "storage", "query", "files"):
            await services.start(name)
        life = Life.begin("bot")
        stack.push_async_callback(life.end)
        bots = telegram_bots(
            settings.served_tokens, settings.telegram_api_url, life.tracer, life.calls
        )
        stack.push_async_callback(bots.close)
        # As a gateway that polls; what others have left to be delivered concerns nobody here.
        await bots[APP].delete_webhook(drop_pending_updates=True)
        redis = await stack.enter_async_context(life.redis(settings.bot_redis_url))
        publisher = await stack.enter_async_context(life.bus(settings))
        waiting = await stack.enter_async_context(outcomes(publisher.link))
        telegram = await stack.enter_async_context(aiohttp.ClientSession(settings.telegram_api_url))
        handling = UpdateHandling(
            dispatches={APP: Dispatch(people.build_router(), documents.build_router())},
            bots=bots,
            memory=Memory(redis, Flood(burst=100_000)),
            wire=Wire(publisher, waiting),
            in_flight=InFlight(Told(redis)),
            # On a busy machine Telegram is slow; only tests of that want it noticed.
            budget=BUDGET,
        )
        token = settings.bot_tokens[APP].get_secret_value()
        yield Backstage(telegram, services, handling, token)


def _chat_of(update: dict[str, Any]) -> int:
    parts = [part for part in update.values() if isinstance(part, dict)]
    return int(parts[0]["from"]["id"])
