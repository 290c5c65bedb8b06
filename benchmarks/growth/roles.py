"""The questions and the command that are asked most, in databases that grow."""

import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import asyncpg
from opentelemetry.trace import NoOpTracer
from sqlalchemy.ext.asyncio import async_sessionmaker

from benchmarks.growth.filling import EACH, FIRST, connected, fill
from benchmarks.harness.child import Given
from benchmarks.harness.description import Level
from benchmarks.harness.load import Clocks, Figures
from benchmarks.installation import serving
from bus import Actor, Asked, Envelope
from contracts.documents import (
    AddDocument,
    DocumentAdded,
    GetDocument,
    ListDocuments,
    ListTypes,
    SearchDocuments,
)
from database import Session
from database.engine import engine, session_factory
from database.reading import Reader, reader_of
from database.statements import watch_statements
from migrations.upgrade import migration_url
from observability.calls import unread_calls
from services.query.documents.listing import list_documents, list_types
from services.query.documents.looking import get_document
from services.query.documents.searching import search_documents
from services.quotas import Quotas
from services.storage.documents.adding import add_document

APP = "documents"
QUOTAS = Quotas(documents=10**6, size=10**12)
WARM_UP = 20
ACTS = ("types", "documents", "one", "search", "add")
_PAPERS = """
SELECT t.person_id, t.id, min(d.id) FROM document_types AS t JOIN documents AS d ON d.type_id = t.id
WHERE t.name = 'Papers' AND t.person_id = ANY($1::bigint[]) GROUP BY t.id
"""
_NEW = """
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
SELECT 'new-' || n, p, false, 'document', n, n, 1000, 'new-' || n
FROM unnest($1::bigint[]) WITH ORDINALITY AS new (p, n)
"""
_UNDO = (
    "DELETE FROM documents WHERE name LIKE 'New %'",
    "DELETE FROM document_files WHERE upload_id LIKE 'new-%'",
)


class Somebody(NamedTuple):
    """A person, a type of theirs, a document under it, and a file that no document has."""

    actor: Actor
    type_id: int
    document_id: int
    upload_id: str


@dataclass(frozen=True, slots=True)
class Database:
    """A database in the roles of `query` and of `storage`."""

    url: str
    reading: Reader
    writing: async_sessionmaker[Session]

    async def ask_and_add(self, number: int, each: Somebody) -> Figures:
        """Return the milliseconds of each act."""
        found: Figures = {}
        for name, ask in _questions(each).items():
            began = time.perf_counter()
            await ask(self.reading)
            found[name] = (time.perf_counter() - began) * 1000
        new = AddDocument(type_id=each.type_id, name=f"New {number}", upload_ids=(each.upload_id,))
        began = time.perf_counter()
        async with self.writing.begin() as db:
            asked = Asked(new, Envelope(message_id=f"new-{number}", actor=each.actor))
            (outcome,) = await add_document([asked], db, QUOTAS)
        found["add"] = (time.perf_counter() - began) * 1000
        assert isinstance(outcome, DocumentAdded), outcome
        return found


@dataclass(frozen=True, slots=True)
class Growing:
    """A database that stays small, and one with more and more in it: asked in turn."""

    small: Database
    large: Database

    async def measure(self, levels: Sequence[Level], _: Clocks) -> Figures:
        """Fill to each level's people, and let so many of them do each act.

        Figures are medians in milliseconds; `<level> <act> growth` is their ratio to those of the
        first level, which were measured in the same moments.
        """
        found: Figures = {}
        first, *later = levels
        async with connected(self.small.url) as small, connected(self.large.url) as large:
            await fill(small, 0, first.at_once)
            before = 0
            for level in later:
                began = time.perf_counter()
                await fill(large, before, level.at_once)
                found[f"{level.name} fill"] = time.perf_counter() - began
                few, many = await _choose(small, first), await _choose(large, level)
                taken = await self._in_turn(few, many)
                for name in ACTS:
                    less, more = (statistics.median(each[name]) for each in taken)
                    found[f"{first.name} {name}"] = less
                    found[f"{level.name} {name}"] = more
                    found[f"{level.name} {name} growth"] = more / less
                for statement in _UNDO:
                    await small.execute(statement)
                    await large.execute(statement)
                before = level.at_once
        return found

    async def _in_turn(
        self, few: Sequence[Somebody], many: Sequence[Somebody]
    ) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        taken: tuple[dict[str, list[float]], ...] = ({}, {})
        for number, pair in enumerate(zip(few, many, strict=True)):
            for into, database, each in zip(taken, (self.small, self.large), pair, strict=True):
                for name, milliseconds in (await database.ask_and_add(number, each)).items():
                    if number >= WARM_UP:
                        into.setdefault(name, []).append(milliseconds)
        return taken[0], taken[1]


def _questions(each: Somebody) -> dict[str, Callable[[Reader], Awaitable[object]]]:
    who = each.actor
    listed = ListDocuments(type_id=each.type_id)
    one, search = GetDocument(document_id=each.document_id), SearchDocuments(words="papers 7")
    return {
        "types": lambda db: list_types(ListTypes(), who, db, QUOTAS),
        "documents": lambda db: list_documents(listed, who, db),
        "one": lambda db: get_document(one, who, db),
        "search": lambda db: search_documents(search, who, db),
    }


async def _choose(connection: asyncpg.Connection, level: Level) -> list[Somebody]:
    """Return people by chance, again and again where there are few, and give each a file."""
    choice = random.Random(level.at_once)  # noqa: S311 # nothing here is a secret
    numbers = [FIRST + choice.randrange(level.at_once) for _ in range(WARM_UP + level.count)]
    rows = await connection.fetch(_PAPERS, numbers)
    papers = {person: (type_id, document_id) for person, type_id, document_id in rows}
    await connection.execute(_NEW, numbers)
    return [
        Somebody(Actor(person, APP), *papers[person], f"new-{place}")
        for place, person in enumerate(numbers, start=1)
    ]


@asynccontextmanager
async def growing(_: Given) -> AsyncIterator[Growing]:
    """Start two servers of each kind."""
    with tempfile.TemporaryDirectory(prefix="switchboard-growth-") as directory:
        async with (
            _database(Path(directory) / "small") as small,
            _database(Path(directory) / "large") as large,
        ):
            yield Growing(small, large)


@asynccontextmanager
async def _database(directory: Path) -> AsyncIterator[Database]:
    async with serving(directory) as servers:
        settings = servers.environment
        address = settings["QUERY_DATABASE_URL"]
        reading = engine(address, application_name="benchmark", only_reads=True)
        writing = engine(settings["DATABASE_URL"], application_name="benchmark")
        reader = reader_of(reading, watch_statements(reading, NoOpTracer(), unread_calls()))
        yield Database(migration_url(settings), reader, session_factory(writing))
        for pool in (reading, writing):
            await pool.dispose()


LEVELS = tuple(
    Level(f"{people * EACH} documents", people, 200, seconds)
    for people, seconds in ((10, 10.0), (100, 20.0), (1000, 60.0), (10_000, 300.0))
)
