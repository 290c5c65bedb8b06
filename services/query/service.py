"""The query service, put together."""

from functools import partial

from bus.discovery import ServiceDescription
from bus.resolver import Resolver
from bus.responder import AT_ONCE, Responder
from database.connections import watch_connections
from database.engine import ask_server, engine
from database.reading import Reader, reader_of
from database.statements import watch_statements
from database.trouble import is_away
from services.discovery import routers
from services.life import Life
from services.link_signing import LinkSigner
from services.quotas import Quotas
from services.settings import QuerySettings

SETTINGS = QuerySettings
VERSION = "1.0.0"


async def query(settings: QuerySettings, life: Life) -> None:
    """Answer the queries of the served apps."""
    pool = engine(
        settings.query_database_url.get_secret_value(),
        application_name="query",
        # A connection for every answer in the making, and to look whether it is there.
        pool_size=AT_ONCE + len(settings.served_apps) + 1,
        only_reads=True,
    )
    reader = reader_of(pool, watch_statements(pool, life.tracer, life.calls))
    watch_connections(pool, life.registry)
    try:
        await life.wait_for("PostgreSQL", partial(ask_server, pool))
        async with life.bus(settings) as publisher:
            responder = Responder(
                link=publisher.link,
                tracer=life.tracer,
                handlers=[h for r in routers("query", settings.served_apps).values() for h in r],
                resolver=Resolver(
                    {Reader: reader, LinkSigner: settings.link_signer, Quotas: settings.quotas}
                ),
                is_away=is_away,
                description=ServiceDescription(
                    name="query",
                    version=VERSION,
                    description="Answers what is asked about people and their things",
                ),
            )
            await life.work(publisher.link, [responder.run(life.stopping)], [responder.listening])
    finally:
        await pool.dispose()
