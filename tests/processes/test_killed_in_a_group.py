"""Storage is killed in the middle of a group: each of its messages has one effect in the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest_asyncio
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr
from sqlalchemy import make_url

from bus import Actor, Envelope
from bus.connection import connect
from bus.encoding import encode
from bus.publisher import Publisher
from contracts.base import subject_of
from contracts.documents import AddDocument
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.processes.processes import Services

FIRST, LAST = 8_200_000_001, 8_200_000_008
"""Of the people who add documents, all with as many digits: turns are taken in this order."""
BATCHES, LOOKS = 8, 100
RECOVERED_WITHIN = 60.0
_TYPES = """
INSERT INTO document_types (person_id, name, emoji)
SELECT person, 'Papers', '' FROM generate_series($1::bigint, $2::bigint) AS person
RETURNING person_id, id
"""
_FILES = """
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
SELECT $3 || '-' || n || '-' || person, person, false, 'document', 'f', 'f', 10, $3 || n || person
FROM generate_series($1::bigint, $2::bigint) AS person, generate_series(1, $4::int) AS n
"""
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('documents.quotas.' || $1::text, 0))"
_GROUPS_THAT_WAIT = """
SELECT count(*) FROM pg_locks AS waits JOIN pg_locks AS has USING (pid)
WHERE waits.locktype = 'advisory' AND NOT waits.granted
  AND has.locktype = 'advisory' AND has.granted
"""
"""Of those that have the turns of some, and wait for that of another."""
_EFFECTS = """
SELECT (SELECT count(*) FROM documents WHERE name LIKE $1 || '%'),
  (SELECT count(*) FROM handled WHERE message_id LIKE $1 || '%' AND outcome IS NOT NULL),
  (SELECT count(*) FROM upload_claims WHERE upload_id LIKE $1 || '%')
"""


@asynccontextmanager
async def connected(installation: LocalServers) -> AsyncIterator[asyncpg.Connection]:
    url = make_url(installation.environment["DATABASE_URL"]).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(services: Services, installation: LocalServers) -> AsyncIterator[Publisher]:
    """The bot's way to send commands, of services that run."""
    environment = installation.environment
    seed = SecretStr(environment["NATS_SEED_BOT"])
    async with connect(environment["NATS_URL"], "bot", seed) as link:
        yield Publisher(link, NoOpTracer())


async def send(bot: Publisher, type_id: int, person: int, upload_id: str) -> None:
    command = AddDocument(type_id=type_id, name=upload_id, upload_ids=(upload_id,))
    envelope = Envelope(message_id=upload_id, actor=Actor(person, "documents"))
    subject = subject_of(AddDocument)
    await bot.publish(subject, encode(command), envelope.headers(), deduplicate=upload_id)


async def test_storage_killed_in_the_middle_of_a_group_does_all_of_it_once(
    services: Services, installation: LocalServers, bot: Publisher
) -> None:
    run = f"g{uuid4().hex[:8]}"
    async with connected(installation) as holder, connected(installation) as looker:
        types = dict(await holder.fetch(_TYPES, FIRST, LAST))
        await holder.execute(_FILES, FIRST, LAST, run, BATCHES)
        async with holder.transaction():
            await holder.execute(_TURN, str(LAST))
            waits, batch = False, 0
            while not waits and batch < BATCHES:
                batch += 1
                named = {person: f"{run}-{batch}-{person}" for person in types}
                await asyncio.gather(*(send(bot, types[who], who, named[who]) for who in types))
                for _ in range(LOOKS):
                    waits = waits or bool(await looker.fetchval(_GROUPS_THAT_WAIT))
            assert waits, "no group was seen"
            await services.kill("storage")
        await services.start("storage")

        async def all_is_done() -> bool:
            return set(await looker.fetchrow(_EFFECTS, run)) == {batch * len(types)}

        await eventually(all_is_done, RECOVERED_WITHIN)
