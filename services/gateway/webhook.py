"""Webhooks: Telegram is told "received" only once the bus has the update."""

import asyncio
import hmac
from collections.abc import Mapping

import msgspec
import structlog
from aiogram import Bot
from aiohttp import web
from pydantic import SecretStr

from services.gateway.setbacks import Setbacks
from services.gateway.updates import (
    ALLOWED_UPDATES,
    Update,
    UpdatePublisher,
    read_update,
    taking,
)
from services.settings import GatewaySettings
from telegram_api.client import Bots

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_LIMIT = 1024 * 1024
"""Bytes."""

MAX_CONNECTIONS = 40
"""At once from Telegram, for each bot."""

STOP_SECONDS = 4
"""For updates that are being taken; Telegram sends again what was not answered."""


async def serve_webhooks(
    bots: Bots, settings: GatewaySettings, publisher: UpdatePublisher, listening: asyncio.Event
) -> None:
    """Listen, set `listening`, tell Telegram the public address that leads here; never returns.

    On the way out webhooks stay registered: Telegram keeps updates until somebody listens again.
    """
    secret = settings.webhook_secret
    application = webhook_application(bots.by_app, secret, publisher)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.gateway_host, settings.gateway_port).start()
        listening.set()
        await register_webhooks(bots, settings.webhook_url, secret)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def register_webhooks(bots: Bots, url: str, secret: SecretStr) -> None:
    """Ask Telegram to send each bot's updates to `<url>/telegram/<app>`, until it agrees."""
    async with asyncio.TaskGroup() as registering:
        for app, bot in bots.by_app.items():
            registering.create_task(_register(app, bot, url, secret))


def webhook_application(
    bots: Mapping[str, Bot], secret: SecretStr, publisher: UpdatePublisher
) -> web.Application:
    """Return the server of `/telegram/<app>` for the apps of the bots."""

    async def receive(request: web.Request) -> web.Response:
        app = request.match_info["app"]
        if not _knows(request, secret):
            raise web.HTTPForbidden
        if app not in bots:
            raise web.HTTPNotFound
        return await _take(app, await request.read(), publisher)

    application = web.Application(client_max_size=BODY_LIMIT)
    application.router.add_post("/telegram/{app}", receive)
    return application


async def _register(app: str, bot: Bot, url: str, secret: SecretStr) -> None:
    address = f"{url.rstrip('/')}/telegram/{app}"
    await Setbacks(app).outlast(
        lambda: bot.set_webhook(
            address,
            secret_token=secret.get_secret_value(),
            allowed_updates=[*ALLOWED_UPDATES],
            max_connections=MAX_CONNECTIONS,
        )
    )
    log.info("gateway.webhook_registered", app=app)


def _knows(request: web.Request, secret: SecretStr) -> bool:
    said = request.headers.get(SECRET_HEADER, "")
    # In bytes: compare_digest takes no text beyond ASCII, and the header may hold any.
    return hmac.compare_digest(
        said.encode(errors="surrogateescape"), secret.get_secret_value().encode()
    )


async def _take(app: str, body: bytes, publisher: UpdatePublisher) -> web.Response:
    try:
        update = read_update(app, body)
    except msgspec.MsgspecError as error:
        log.warning("gateway.update_malformed", app=app, reason=str(error))
        raise web.HTTPBadRequest from None
    with taking(app, update, body):
        await _publish(app, update, body, publisher)
    return web.Response()


async def _publish(app: str, update: Update, body: bytes, publisher: UpdatePublisher) -> None:
    try:
        await publisher.publish_update(app, update.chat_id, update.update_id, body)
    except Exception as error:  # whatever it was, Telegram has to send it again
        log.warning("gateway.update_not_published", exc_info=error)
        raise web.HTTPServiceUnavailable from None
