"""Long polling: an update is confirmed to Telegram only once the bus has it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from aiogram import Bot
from aiogram.methods import TelegramMethod

from services.gateway.setbacks import Setbacks
from services.gateway.updates import (
    ALLOWED_UPDATES,
    Update,
    UpdatePublisher,
    read_update,
    taking,
)
from telegram_api.client import Bots

log = structlog.get_logger()

POLL_SECONDS = 25
ANSWER_SECONDS = 10
"""How long an answer may take beyond the time that Telegram was asked to hold the poll."""


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, its answer left as the JSON it is: aiogram's types may not know every field."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str]


async def poll_all(bots: Bots, publisher: UpdatePublisher) -> None:
    """Poll every bot, each on its own; never returns."""
    async with asyncio.TaskGroup() as polling:
        for app, bot in bots.by_app.items():
            polling.create_task(poll(app, bot, publisher), name=f"poll {app}")


async def poll(app: str, bot: Bot, publisher: UpdatePublisher) -> None:
    """Publish a bot's updates in their order; never returns, whatever happens."""
    await remove_webhook(app, bot)
    log.info("gateway.polling_started", app=app)
    poller, setbacks = _Poller(app, bot, publisher), Setbacks(app)
    while True:
        await setbacks.outlast(poller.poll_once)


async def remove_webhook(app: str, bot: Bot) -> None:
    """Take back a webhook, which would forbid polling; what waits there is kept for the polls."""
    await Setbacks(app).outlast(lambda: bot.delete_webhook(drop_pending_updates=False))


@dataclass
class _Poller:
    app: str
    bot: Bot
    publisher: UpdatePublisher
    offset: int | None = None
    """The update that Telegram is asked for next; asking confirms all before it."""

    async def poll_once(self) -> None:
        """Wait for updates and publish them; what was not published comes again next time.

        One that cannot be read is passed over: it could not be the next time, and those behind it
        would wait for ever.
        """
        call = GetRawUpdates(
            offset=self.offset, timeout=POLL_SECONDS, allowed_updates=[*ALLOWED_UPDATES]
        )
        updates = await self.bot(call, request_timeout=POLL_SECONDS + ANSWER_SECONDS)
        if not updates:
            return
        chats: defaultdict[int, list[tuple[Update, bytes]]] = defaultdict(list)
        waiting = {each["update_id"] for each in updates}
        after_all = max(waiting) + 1
        for each in sorted(updates, key=lambda each: each["update_id"]):
            if read := self._read(each):
                chats[read[0].chat_id].append(read)
            else:
                waiting.remove(each["update_id"])
        publishing = (self._publish(chat, waiting) for chat in chats.values())
        ended = await asyncio.gather(*publishing, return_exceptions=True)
        # Confirming one confirms all before it: what the bus has not taken yet comes again.
        self.offset = min(waiting, default=after_all)
        for error in filter(None, ended):
            raise error

    def _read(self, raw: dict[str, Any]) -> tuple[Update, bytes] | None:
        """Return an update that can be published, and what is published of it."""
        try:
            body = msgspec.json.encode(raw)
            return read_update(self.app, body), body
        except msgspec.MsgspecError as unreadable:
            reason = str(unreadable)
        except UnicodeError:  # half a character, and its text would be in the error's
            reason = "no text in UTF-8"
        log.error(
            "gateway.update_malformed", app=self.app, update_id=raw["update_id"], reason=reason
        )
        return None

    async def _publish(self, chat: Sequence[tuple[Update, bytes]], waiting: set[int]) -> None:
        """Publish a chat's updates one after another: side by side, a repeat would change order."""
        for update, body in chat:
            with taking(self.app, update, body):
                publish = self.publisher.publish_update
                await publish(self.app, update.chat_id, update.update_id, body)
            waiting.remove(update.update_id)
