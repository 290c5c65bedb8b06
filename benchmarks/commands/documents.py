"""People with types and files of their own, ready to become documents: each file once."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from benchmarks.harness.description import Level
from benchmarks.harness.load import Call, Clocks, Figures, at_level, spent, warm_up
from contracts.documents import AddDocument

PEOPLE = 256
"""Enough that commands of one person, which take turns, seldom meet."""
FILES = 40_000
"""More than a run adds."""
SIZE = 1000
DONE_WITHIN, LOOKED_EVERY = 60.0, 0.05
_LONGEST_PERSON = 40
"""Bits of the number of a person, which is another in each run."""

_TYPES = """
INSERT INTO document_types (person_id, name, emoji)
SELECT $1::bigint + n, 'Papers', '' FROM generate_series(0, $2::int - 1) AS n
RETURNING person_id, id
"""
_CLAIMED = """
SELECT count(*) FROM upload_claims WHERE upload_id > $1::text || '-' AND upload_id < $1::text || '.'
"""
_FILES = """
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
SELECT $3 || '-' || n, $1::bigint + n % $2::int, false, 'document', n::text, n || '.pdf', $4,
    $3 || '-' || n
FROM generate_series(0, $5::int - 1) AS n
"""


@dataclass(frozen=True, slots=True)
class New:
    """A document to be added, and who adds it."""

    person: int
    message_id: str
    command: AddDocument


class Documents:
    """Hands out documents that nobody has added."""

    def __init__(self, first_person: int, types: dict[int, int], run: str) -> None:
        self.given = 0
        self.run = run
        self._first, self._types = first_person, types

    def next(self) -> New:
        """Return another one."""
        number = self.given
        if number >= FILES:
            raise RuntimeError(f"more than {FILES} documents were wanted")
        self.given += 1
        person = self._first + number % PEOPLE
        upload = f"{self.run}-{number}"
        command = AddDocument(
            type_id=self._types[person], name=f"Document {number}", upload_ids=(upload,)
        )
        return New(person, upload, command)


@dataclass(frozen=True, slots=True)
class Adding:
    """Adds documents, and waits after each level until all that follows from it is done, too."""

    call: Call
    documents: Documents
    connection: asyncpg.Connection

    async def measure(self, levels: Sequence[Level], clocks: Clocks) -> Figures:
        """Return figures as `at_level` does; processor time is that of all that follows, too.

        `<level> whole rate` counts until then.
        """
        found: Figures = {}
        await warm_up(self.call)
        await self._until_done()
        for level in levels:
            before, given, began = clocks.read(), self.documents.given, time.perf_counter()
            figures = await at_level(self.call, level, clocks)
            await self._until_done()
            added = self.documents.given - given
            figures |= spent(before, clocks.read(), added)
            figures["whole rate"] = added / (time.perf_counter() - began)
            found |= {f"{level.name} {name}": value for name, value in figures.items()}
        return found

    async def _until_done(self) -> None:
        wanted = self.documents.given
        async with asyncio.timeout(DONE_WITHIN):
            while await self._claimed() < wanted:  # noqa: ASYNC110 # a table tells nothing
                await asyncio.sleep(LOOKED_EVERY)

    async def _claimed(self) -> int:
        return int(await self.connection.fetchval(_CLAIMED, self.documents.run))


@asynccontextmanager
async def prepared(database_url: str) -> AsyncIterator[tuple[Documents, asyncpg.Connection]]:
    """Write people, types and files; yields them, with a connection to look what became of them."""
    run, first = secrets.token_hex(6), 10_000 + secrets.randbits(_LONGEST_PERSON)
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        types = await connection.fetch(_TYPES, first, PEOPLE)
        await connection.execute(_FILES, first, PEOPLE, run, SIZE, FILES, timeout=120)
        await connection.execute("ANALYZE document_types, document_files")
        yield Documents(first, {row["person_id"]: row["id"] for row in types}, run), connection
    finally:
        await connection.close()
