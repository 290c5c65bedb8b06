"""getUpdates, the webhook's methods, and getFile."""

import re
from typing import Any
from urllib.parse import urlsplit

from aiogram.methods import DeleteWebhook, GetFile, GetUpdates, GetWebhookInfo, SetWebhook
from aiogram.types import File

from services.playground.bots import Bot
from services.playground.errors import BadRequest, Conflict
from services.playground.files import MAX_DOWNLOAD
from services.playground.polling import TERMINATED_BY_WEBHOOK
from services.playground.state import State
from services.playground.webhooks import Webhook

DEFAULT_CONNECTIONS = 40
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)


async def get_updates(state: State, bot: Bot, method: GetUpdates) -> list[dict[str, Any]]:
    """Confirm, then hand out what waits, or hold the request until something comes."""
    if state.webhooks.get(bot.id):
        raise Conflict(WEBHOOK_ACTIVE)
    if method.allowed_updates is not None:
        state.updates.allow(bot.id, method.allowed_updates)
    state.updates.confirm_below(bot.id, method.offset or 0)
    limit = min(max(method.limit or 100, 1), 100)
    return await state.polling.next_updates(bot.id, limit, max(method.timeout or 0, 0))


async def set_webhook(state: State, bot: Bot, method: SetWebhook) -> bool:
    """Deliver updates to a URL; an empty one means polling again."""
    if not method.url:
        return await delete_webhook(
            state, bot, DeleteWebhook(drop_pending_updates=method.drop_pending_updates)
        )
    _check_target(method.url, method.secret_token or "")
    if method.drop_pending_updates:
        state.updates.drop(bot.id)
    if method.allowed_updates is not None:
        state.updates.allow(bot.id, method.allowed_updates)
    connections = min(max(method.max_connections or DEFAULT_CONNECTIONS, 1), 100)
    state.webhooks.set(bot.id, Webhook(method.url, method.secret_token, connections))
    state.polling.terminate(bot.id, TERMINATED_BY_WEBHOOK)
    state.updates.arrived[bot.id].fire()
    return True


def _check_target(url: str, secret: str) -> None:
    """Plain http is taken too, as by a Bot API server of one's own."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadRequest("invalid webhook URL specified")
    if len(secret) > 256:
        raise BadRequest("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise BadRequest("secret token contains unallowed characters")


async def delete_webhook(state: State, bot: Bot, method: DeleteWebhook) -> bool:
    """Back to polling."""
    if method.drop_pending_updates:
        state.updates.drop(bot.id)
    state.webhooks.set(bot.id, None)
    state.updates.arrived[bot.id].fire()
    return True


async def get_webhook_info(state: State, bot: Bot, method: GetWebhookInfo) -> dict[str, Any]:
    """Where updates go, how many wait, and why the last delivery failed."""
    webhook = state.webhooks.get(bot.id)
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": state.updates.count(bot.id),
    }
    if webhook:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_date:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error_message
    if allowed := state.updates.allowed(bot.id):
        info["allowed_updates"] = allowed
    return info


async def get_file(state: State, bot: Bot, method: GetFile) -> File:
    """Where to download a file from."""
    stored = state.files.find(bot.id, method.file_id)
    if stored is None:
        raise BadRequest("invalid file_id")
    if stored.lost:
        raise BadRequest("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise BadRequest("file is too big")
    return File(
        file_id=stored.file_id,
        file_unique_id=stored.unique_id,
        file_size=stored.size,
        file_path=stored.path,
    )
