"""The storage service, put together."""

from functools import partial

from sqlalchemy.ext.asyncio import async_sessionmaker

from bus.burials import count_dead_letters
from bus.delivery import Middleware, chain
from bus.lag import Lag
from bus.middleware.concurrency import Slots, at_most
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
from database import Session
from database.connections import watch_connections
from database.engine import ask_server, engine, session_factory
from database.statements import watch_statements
from database.trouble import trouble_of
from services.admins import Admins
from services.discovery import routers
from services.life import Life
from services.quotas import Quotas
from services.settings import StorageSettings
from services.storage.clock import Clock
from services.storage.exactly_once import exactly_once
from services.storage.forgetting import Forgetting
from services.storage.groups import Groups
from services.storage.happenings import Happenings
from services.storage.schedule import Schedule
from services.workers import typed_workers

SETTINGS = StorageSettings
HANDLERS_AT_ONCE = 8
HANDLER_TIMEOUT = 15.0
CONSUMERS_AN_APP = 2
"""Its commands and the events it hears: each has a handler's slot of its own."""


async def storage(settings: StorageSettings, life: Life) -> None:
    """Handle commands and events of the served apps, and let the clock tick."""
    pool = engine(
        settings.database_url.get_secret_value(),
        application_name="storage",
        # A connection for every handler, for the clock, and to look whether it is there;
        # what forgets, once an hour, borrows one.
        pool_size=HANDLERS_AT_ONCE + CONSUMERS_AN_APP * len(settings.served_apps) + 2,
    )
    watch_statements(pool, life.tracer, life.calls)
    watch_connections(pool, life.registry)
    sessions = session_factory(pool)

    try:
        await life.wait_for("PostgreSQL", partial(ask_server, pool))
        async with life.bus(settings) as publisher:
            resolver = _resolver(settings)
            call = chain(_around(settings, life, publisher, sessions, resolver), resolver.caller())
            workers = typed_workers("storage", settings.served_apps, resolver, call, publisher)
            parts = [worker.run(life.stopping) for worker in workers]
            parts += [Clock(sessions, publisher).run(life), Forgetting(sessions).run(life)]
            letters = count_dead_letters(publisher.link, life.registry)
            lag = Lag(life.registry).watch(publisher.link)
            parts += [life.until_stopping(figures) for figures in (letters, lag)]
            await life.work(publisher.link, parts)
    finally:
        await pool.dispose()


def _resolver(settings: StorageSettings) -> Resolver:
    provided = {Admins: Admins(settings.admins), Quotas: settings.quotas}
    return Resolver(provided, scoped=(Session, Schedule))


def _around(
    settings: StorageSettings,
    life: Life,
    publisher: Publisher,
    sessions: async_sessionmaker[Session],
    resolver: Resolver,
) -> list[Middleware]:
    heard = routers("storage", settings.served_apps).values()
    count = Happenings(life.registry, heard).count
    slots = Slots(HANDLERS_AT_ONCE)
    return [
        tracing(life.tracer),
        lines,
        metrics(life.meters),
        heartbeat,
        retry(DeadLetters(publisher), trouble_of, telling_of_death(publisher)),
        publishing(publisher),
        Groups(sessions, slots, resolver, count),
        at_most(slots),
        deadline(HANDLER_TIMEOUT),
        exactly_once(sessions, count),
    ]
