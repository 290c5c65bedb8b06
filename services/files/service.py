"""The files service, put together."""

import asyncio

from bus import QueryUnavailable
from bus.delivery import Delivery, Middleware, chain
from bus.encoding import encode
from bus.middleware.concurrency import at_most
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing, telling_of_death
from bus.middleware.retry import OnDead, retry
from bus.middleware.tracing import tracing
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.trouble import AWAY, Trouble
from contracts.base import subject_of
from contracts.files import KeepUpload, UploadLost
from services.files.asking import Questions
from services.files.files import lost
from services.files.links.opening import Opener
from services.files.links.serving import Links
from services.files.store import ObjectStore, S3Access, StorageAway, object_store
from services.life import Life
from services.settings import FilesSettings
from services.trouble import trouble_of
from services.workers import typed_workers
from telegram_api.client import Bots, telegram_bots
from telegram_api.limits import RateLimits

SETTINGS = FilesSettings
TRANSFERS_AT_ONCE = 8
PATIENCE = 5.0
"""Seconds for a turn in Telegram's limits; who has to wait longer leaves their place to others."""
TRANSFER_TIMEOUT = 330.0  # more than a download may take


async def files(settings: FilesSettings, life: Life) -> None:
    """Keep and send the bytes of the served apps, and serve the links to them."""
    bots = _bots(settings, life)
    store = object_store(settings.files_url, _s3_access(settings), life.calls)
    try:
        await life.wait_for("object storage", store.prepare)
        async with (
            life.redis(settings.files_redis_url) as redis,
            life.bus(settings) as publisher,
        ):
            if settings.telegram_limits:
                bots.keep_to(RateLimits(redis, life.registry, settings.chat_burst))
            resolver = Resolver({Bots: bots, ObjectStore: store, Questions: Questions(publisher)})
            call = chain(_around(life, publisher), resolver.caller())
            workers = typed_workers("files", settings.served_apps, resolver, call, publisher)
            parts = [worker.run(life.stopping) for worker in workers]
            begun = []
            if settings.public_url:
                links = Links(
                    opener=Opener(settings.link_signer, publisher),
                    store=store,
                    tracer=life.tracer,
                    accelerated=settings.files_accel,
                )
                begun.append(asyncio.Event())
                serving = links.serve(settings.files_host, settings.files_port, *begun)
                parts.append(life.until_stopping(serving))
            await life.work(publisher.link, parts, begun)
    finally:
        await bots.close()


def _around(life: Life, publisher: Publisher) -> list[Middleware]:
    return [
        tracing(life.tracer),
        lines,
        metrics(life.meters),
        heartbeat,
        retry(DeadLetters(publisher), _trouble_of, _giving_up(publisher)),
        publishing(publisher),
        at_most(TRANSFERS_AT_ONCE),
        deadline(TRANSFER_TIMEOUT),
    ]


def _bots(settings: FilesSettings, life: Life) -> Bots:
    return telegram_bots(
        settings.served_tokens, settings.telegram_api_url, life.tracer, life.calls, PATIENCE
    )


def _giving_up(publisher: Publisher) -> OnDead:
    """An upload that cannot be kept is lost: whoever waits for its bytes must hear of it."""
    tell = telling_of_death(publisher)

    async def give_up(delivery: Delivery, error: BaseException) -> None:
        command, actor = delivery.message, delivery.envelope.actor
        if isinstance(command, KeepUpload) and actor:
            event = lost(command, actor, "gone")
            said = delivery.envelope.caused(f"{delivery.envelope.message_id}-0")
            await publisher.publish(
                subject_of(UploadLost), encode(event), said.headers(), deduplicate=said.message_id
            )
        await tell(delivery, error)

    return give_up


def _trouble_of(error: BaseException) -> Trouble:
    return AWAY if isinstance(error, StorageAway | QueryUnavailable) else trouble_of(error)


def _s3_access(settings: FilesSettings) -> S3Access | None:
    if not settings.s3_endpoint:
        return None
    return S3Access(settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key)
