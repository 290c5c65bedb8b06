"""The gateway service, put together."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from opentelemetry.trace import SpanKind, Tracer

from bus import Envelope
from bus.lines import name_span, seconds_since
from bus.publisher import Publisher
from contracts.updates import subject_of_update, update_message_id
from observability.conventions import MESSAGING_MESSAGE_ID
from observability.discretion import content_of
from observability.handling import bind
from services.gateway.polling import poll_all
from services.gateway.webhook import serve_webhooks
from services.life import Life
from services.settings import GatewaySettings
from telegram_api.client import telegram_bots

log = structlog.get_logger()

SETTINGS = GatewaySettings
PUBLISH_DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Updates:
    """Publishes updates; here the trace of a press begins."""

    publisher: Publisher
    tracer: Tracer

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Return once the stream UPDATES has the update; raises NotPublished after 10 s."""
        message_id, began = update_message_id(app, body), time.perf_counter()
        self.publisher.link.meters.requested("update", app)
        with self.tracer.start_as_current_span("telegram receive", kind=SpanKind.SERVER) as span:
            # Also of one that is not recorded: it is, if something in it fails.
            span.set_attributes(
                {
                    "switchboard.app": app,
                    "switchboard.update": f"{app}-{update_id}",
                    MESSAGING_MESSAGE_ID: message_id,
                }
            )
            bind(message_id=message_id)
            name_span()
            ack = await self.publisher.publish(
                subject_of_update(app, chat_id),
                body,
                Envelope(message_id=message_id, chat=chat_id).headers(),
                deduplicate=message_id,
                deadline=PUBLISH_DEADLINE,
            )
            log.info(
                "update.published",
                duration=seconds_since(began),
                outcome="known before" if ack.duplicate else "taken",
                **content_of(body),
            )


async def gateway(settings: GatewaySettings, life: Life) -> None:
    """Take updates of the served bots, by polling or by webhook."""
    bots = telegram_bots(
        settings.served_tokens,
        settings.telegram_api_url,
        life.tracer,
        life.calls,
        patience=0,  # failed calls are repeated here, for as long as it takes, and told once
    )
    try:
        async with life.bus(settings) as publisher:
            updates, listening = Updates(publisher, life.tracer), asyncio.Event()
            if settings.telegram_mode == "polling":
                taking = poll_all(bots, updates)
                listening.set()
            else:
                taking = serve_webhooks(bots, settings, updates, listening)
            await life.work(publisher.link, [life.until_stopping(taking)], [listening])
    finally:
        await bots.close()
