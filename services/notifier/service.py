"""The notifier service, put together."""

from collections.abc import Callable

import msgspec

from bus.delivery import CallNext, Delivery, chain
from bus.encoding import decoder
from bus.envelope import read_envelope
from bus.errors import MalformedMessage
from bus.middleware.concurrency import at_most
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.heartbeat import heartbeat
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.topology import Consumer
from bus.worker import Read, Received, Worker, delivery_of, typed_reader
from contracts.notices import CommandBuried, Notice
from services.discovery import told
from services.life import Life
from services.notifier.telling import late_handlers, notice_handlers
from services.settings import NotifierSettings
from services.told import Told
from services.trouble import is_away
from services.workers import typed_workers
from telegram_api.client import Bots, telegram_bots

SETTINGS = NotifierSettings
TOLD_AT_ONCE = 8


async def notifier(settings: NotifierSettings, life: Life) -> None:
    """Tell the chats of the served bots what events, late outcomes and notices say."""
    bots = telegram_bots(
        settings.served_tokens, settings.telegram_api_url, life.tracer, life.registry
    )
    try:
        async with (
            life.redis(settings.notifier_redis_url) as redis,
            life.bus(settings) as publisher,
        ):
            resolver = Resolver({Bots: bots, Told: Told(redis)})
            call = chain(
                [
                    tracing(life.tracer),
                    metrics(life.registry),
                    heartbeat,
                    retry(DeadLetters(publisher), is_away),
                    publishing(publisher),
                    at_most(TOLD_AT_ONCE),
                ],
                resolver.caller(),
            )
            workers = [
                *typed_workers("notifier", settings.served_apps, resolver, call, publisher),
                *_telling(settings, resolver, call, publisher),
            ]
            await life.work(publisher.link, [worker.run(life.stopping) for worker in workers])
    finally:
        await bots.close()


def _telling(
    settings: NotifierSettings, resolver: Resolver, call: CallNext, publisher: Publisher
) -> list[Worker]:
    handlers = late_handlers()
    for handler in [*handlers, *notice_handlers().values()]:
        resolver.check(handler)
    readers: dict[str, Callable[[Consumer], Read]] = {
        "LATE": lambda consumer: typed_reader(consumer, handlers),
        "NOTICES": _notice_reader,
    }
    return [
        Worker(consumer, readers[consumer.stream](consumer), call, publisher)
        for app in settings.served_apps
        for consumer in told(app)
    ]


def _notice_reader(consumer: Consumer) -> Read:
    known = notice_handlers()

    def read(message: Received) -> Delivery:
        try:
            notice: Notice | CommandBuried = decoder(Notice | CommandBuried).decode(message.data)
        except msgspec.MsgspecError as error:
            raise MalformedMessage(str(error)) from error
        handler = known[type(notice)]
        return delivery_of(message, consumer, handler, read_envelope(message.headers), notice)

    return read
