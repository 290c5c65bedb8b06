"""The notifier service, put together."""

from typing import get_args

import msgspec
from msgspec.structs import replace

from bus.delivery import Delivery, Middleware, chain
from bus.encoding import decoder
from bus.envelope import Actor, Envelope, read_envelope
from bus.errors import MalformedMessage
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
from bus.topology import Consumer
from bus.worker import Read, Received, Worker, delivery_of, typed_reader
from contracts.notices import CommandBuried, Notice, Urgency
from services.discovery import told
from services.life import Life
from services.notifier.handlers import late_handlers, notice_handlers
from services.notifier.overtaking import Versions
from services.notifier.receipts import Ends, Report, reporting, say_buried
from services.notifier.telling import Teller
from services.notifier.turns import Queues, in_turn, trouble_of_notifier
from services.notifier.waiting import Waiting
from services.settings import NotifierSettings
from services.told import Told
from services.workers import typed_workers
from telegram_api.client import telegram_bots
from telegram_api.limits import RateLimits

SETTINGS = NotifierSettings
TOLD_AT_ONCE: dict[Urgency, int] = {"answer": 8, "reminder": 8, "bulk": 48}
"""Of each urgency. Of the last many wait together, for Redis to have on disk what was told; within
Telegram's limits so many have their turn before any of them loses patience."""
READY_AT_ONCE = 64
"""In hand of one consumer: those that are told, and those that are told next."""
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
            if settings.telegram_limits:
                bots.keep_to(RateLimits(redis, life.registry, settings.chat_burst))
            ends, versions = Ends(publisher), Versions()
            teller = Teller(bots, Told(redis), life.registry)
            around = [
                tracing(life.tracer),
                lines,
                metrics(life.meters),
                heartbeat,
                versions.keeping(),
                retry(DeadLetters(publisher), trouble_of_notifier, _on_dead(publisher, ends)),
                reporting(ends),
                publishing(publisher),
                versions.passing_over(teller),
                in_turn(Queues(publisher.link)),
            ]
            resolver = Resolver({Teller: teller}, scoped=[Report])
            workers = _workers(settings, around, resolver, publisher)
            watching = life.until_stopping(Waiting(life.registry).watch(publisher.link))
            running = [worker.run(life.stopping) for worker in workers]
            await life.work(publisher.link, [*running, watching])
    finally:
        await bots.close()


def _on_dead(publisher: Publisher, ends: Ends) -> OnDead:
    tell = telling_of_death(publisher)

    async def tell_all(delivery: Delivery, error: BaseException) -> None:
        await tell(delivery, error)
        await say_buried(ends, delivery, error)

    return tell_all


def _workers(
    settings: NotifierSettings, around: list[Middleware], resolver: Resolver, publisher: Publisher
) -> list[Worker]:
    """Each urgency has slots of its own: what many are told waits for Telegram's limits longest."""
    calls = {
        urgency: chain(
            [*around, at_most(TOLD_AT_ONCE[urgency]), deadline(TELLING_SECONDS)], resolver.caller()
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
                call = calls[urgency]
                workers.append(Worker(consumer, read, call, publisher, READY_AT_ONCE))
    return workers


def _notice_reader(consumer: Consumer) -> Read:
    known = notice_handlers()

    def read(message: Received) -> Delivery:
        try:
            notice: Notice | CommandBuried = decoder(Notice | CommandBuried).decode(message.data)
        except msgspec.MsgspecError as error:
            raise MalformedMessage(str(error)) from error
        envelope = _of_its_reader(read_envelope(message.headers), notice)
        return delivery_of(message, consumer, known[type(notice)], envelope, notice)

    return read


def _of_its_reader(envelope: Envelope, notice: Notice | CommandBuried) -> Envelope:
    """What is learned by telling somebody is learned of them, whoever had them told.

    A private chat has the id of its person; a group is nobody.
    """
    person = Actor(notice.chat_id, notice.app) if notice.chat_id > 0 else None
    return replace(envelope, actor=person, chat=notice.chat_id)
