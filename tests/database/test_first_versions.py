"""Documents of the first tables become documents of one version, and back."""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

from switchboard.local.servers import local_servers
from tests.switchboard.outside import ONLY_POSTGRES
from tests.switchboard.probes import plain_url

ROOT = Path(__file__).parents[2]

BEFORE = """
INSERT INTO document_types (person_id, name, emoji) VALUES (1, 'Passports', '');
INSERT INTO document_files (upload_id, person_id, lost, kind, file_id, file_name, size, sha256)
    VALUES ('first', 1, false, 'photo', 'tg-1', 'a.jpg', 3, 'aa'),
           ('second', 1, false, 'photo', 'tg-2', 'b.jpg', 3, 'bb');
INSERT INTO documents (person_id, type_id, name, upload_id, deleted_at)
    SELECT 1, id, 'Passport', 'first', NULL FROM document_types
    UNION ALL SELECT 1, id, 'Deleted', 'second', now() FROM document_types;
"""
VERSIONS = """
SELECT documents.name, number, position, upload_id, versions.added_at = documents.added_at
FROM documents JOIN document_versions versions ON document_id = documents.id
    JOIN document_version_files USING (document_id, number)
WHERE number = current ORDER BY documents.id
"""


async def test_what_is_there_becomes_the_first_version(scratch: Path) -> None:
    async with local_servers(scratch, [], ONLY_POSTGRES) as servers:
        url = servers.environment["MIGRATION_DATABASE_URL"]
        config = Config(ROOT / "alembic.ini")
        config.attributes["url"] = url
        await asyncio.to_thread(command.upgrade, config, "documents_0001")
        database = await asyncpg.connect(plain_url(url))
        await database.execute(BEFORE)

        await asyncio.to_thread(command.upgrade, config, "documents_0002")

        assert [tuple(row) for row in await database.fetch(VERSIONS)] == [
            ("Passport", 1, 1, "first", True),
            ("Deleted", 1, 1, "second", True),
        ]
        await asyncio.to_thread(command.downgrade, config, "documents_0001")
        rows = await database.fetch("SELECT name, upload_id FROM documents ORDER BY id")
        assert [tuple(row) for row in rows] == [("Passport", "first"), ("Deleted", "second")]
        await database.close()
