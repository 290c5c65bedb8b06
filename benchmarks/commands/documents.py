"""People with types and files of their own, ready to become documents: each file once."""

import secrets
from dataclasses import dataclass
from itertools import count

import asyncpg

from contracts.documents import AddDocument

PEOPLE = 256
"""Enough that commands of one person, which take turns, seldom meet."""
FILES = 40_000
"""More than a run adds."""
SIZE = 1000
_LONGEST_PERSON = 40
"""Bits of the number of a person, which is another in each run."""

_TYPES = """
INSERT INTO document_types (person_id, name, emoji)
SELECT $1::bigint + n, 'Papers', '' FROM generate_series(0, $2::int - 1) AS n
RETURNING person_id, id
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
        self._first, self._types, self._run = first_person, types, run
        self._numbers = count()

    def next(self) -> New:
        """Return another one."""
        number = next(self._numbers)
        if number >= FILES:
            raise RuntimeError(f"more than {FILES} documents were wanted")
        person = self._first + number % PEOPLE
        upload = f"{self._run}-{number}"
        command = AddDocument(
            type_id=self._types[person], name=f"Document {number}", upload_ids=(upload,)
        )
        return New(person, upload, command)


async def prepare(database_url: str) -> Documents:
    """Write people, types and files."""
    run, first = secrets.token_hex(6), 10_000 + secrets.randbits(_LONGEST_PERSON)
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        types = await connection.fetch(_TYPES, first, PEOPLE)
        await connection.execute(_FILES, first, PEOPLE, run, SIZE, FILES, timeout=120)
        await connection.execute("ANALYZE document_types, document_files")
    finally:
        await connection.close()
    return Documents(first, {row["person_id"]: row["id"] for row in types}, run)
