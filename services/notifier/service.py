"""The notifier service, put together."""

from typing import get_args

import msgspec

from bus.delivery import Delivery, Middleware, chain
from bus.encoding import decoder
from bus.envelope import read_envelope
from bus.errors import MalformedMessage
from bus.middleware.concurrency import at_most
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing, telling_of_death
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.topology import Consumer
from bus.worker import Read, Received, Worker, delivery_of, typed_reader
from contracts.notices import CommandBuried, Notice, Urgency
from services.discovery import told
from services.life import Life
from services.notifier.telling import Teller, late_handlers, notice_handlers
from services.notifier.turns import in_turn, trouble_of_notifier
from services.settings import NotifierSettings
from services.told import Told
from services.workers import typed_workers
from telegram_api.client import telegram_bots
from telegram_api.limits import RateLimits

SETTINGS = NotifierSettings
TOLD_AT_ONCE = 8
"""Of each urgency."""
TELLING_SECONDS = 60.0
"""A backstop, beyond two calls that Telegram lets hang."""


async def notifier(settings: NotifierSettings, life: Life) -> None:
    """Tell the chats of the served bots what events, late outcomes and notices say."""
    bots = telegram_bots(settings.served_tokens, settings.telegram_api_url, life.tracer, life.calls)
    try:
        async with (
            life.redis(settings.notifier_redis_url) as redis,
            life.bus(settings) as publisher,
        ):
            bots.keep_to(RateLimits(redis, life.registry, settings.chat_burst))
            around = [
                tracing(life.tracer),
                lines,
                metrics(life.meters),
                heartbeat,
                retry(DeadLetters(publisher), trouble_of_notifier, telling_of_death(publisher)),
                publishing(publisher),
                in_turn(publisher.link),
            ]
            teller = Teller(bots, Told(redis), life.registry)
            workers = _workers(settings, around, Resolver({Teller: teller}), publisher)
            await life.work(publisher.link, [worker.run(life.stopping) for worker in workers])
    finally:
        await bots.close()


def _workers(
    settings: NotifierSettings, around: list[Middleware], resolver: Resolver, publisher: Publisher
) -> list[Worker]:
    """Each urgency has slots of its own: what many are told waits for Telegram's limits longest."""
    calls = {
        urgency: chain(
            [*around, at_most(TOLD_AT_ONCE), deadline(TELLING_SECONDS)], resolver.caller()
        )
        for urgency in get_args(Urgency)
    }
    late = late_handlers()
    for handler in [*late, *notice_handlers().values()]:
        resolver.check(handler)
    answers = calls["answer"]
    workers = typed_workers("notifier", settings.served_apps, resolver, answers, publisher)
    for app in settings.served_apps:
        for consumer in told(app):
            if consumer.stream == "LATE":
                workers.append(Worker(consumer, typed_reader(consumer, late), answers, publisher))
            else:
                _, urgency, *_ = consumer.subjects[0].split(".")
                read = _notice_reader(consumer)
                workers.append(Worker(consumer, read, calls[urgency], publisher))
    return workers


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
