"""How fast search is at 10^5 documents, beside a plain LIKE, with the plans of PostgreSQL.

Run it anywhere, it starts its own PostgreSQL:  .venv/bin/python -m benchmarks.search
One person gets 10^5 documents, a thousand others a hundred each, and every one of these holds a
word that the first person uses three times.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import click
from opentelemetry.trace import NoOpTracer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bus import Actor
from contracts.documents import SearchDocuments, SearchPage
from database.engine import engine
from database.reading import reader_of
from database.statements import watch_statements
from migrations.upgrade import migration_url, upgrade
from observability.calls import unread_calls
from services.discovery import all_apps
from services.query.documents.searching import search_documents
from switchboard.local.servers import local_servers
from tests.database.plans import Said, reader_on

ONE, OTHERS, OTHERS_FIRST = 1, 1000, 1000
COMMON_WORD = "уникум"
WORDS = [
    "договор",
    "аренды",
    "паспорт",
    "счёт",
    "квитанция",
    "полис",
    "анализ",
    "крови",
    "справка",
    "ремонт",
    "квартира",
    "машина",
    "страховка",
    "банк",
    "выписка",
    "зарплата",
    "отпуск",
    "билет",
    "школа",
    "рецепт",
    "налог",
    "декларация",
    "доверенность",
    "invoice",
    "report",
    "contract",
    "passport",
    "scan",
    "photo",
    "receipt",
    "insurance",
    "tax",
    "letter",
    "warranty",
    "ticket",
    "visa",
    "diploma",
    "certificate",
    "manual",
    "plan",
    "budget",
]  # a list of them would fill a page
WANTED = {
    "frequent": "договор",
    "rather frequent": "паспорт 4",
    "two words": "аренды крови",
    "rare": "4242",
    "rare here, common elsewhere": COMMON_WORD,
    "two letters": "ор",
    "two letters, absent": "щщ",
    "absent": "zzzzz",
    "with wildcards": "100%_",
}
PLAIN = """
SELECT id, name FROM documents
WHERE person_id = :person AND deleted_at IS NULL
  AND (lower(name) LIKE '%' || lower(:words) || '%' OR lower(note) LIKE '%' || lower(:words) || '%')
ORDER BY added_at DESC, id DESC LIMIT 101
"""


@click.command()
@click.option("--documents", default=100_000, show_default=True)
@click.option("--times", default=15, show_default=True)
@click.option("--plans/--no-plans", default=True, show_default=True)
def main(documents: int, times: int, plans: bool) -> None:
    """Fill a scratch database and measure."""
    asyncio.run(_run(documents, times, plans))


async def _run(documents: int, times: int, plans: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="switchboard-search-") as directory:
        async with local_servers(Path(directory), all_apps()) as servers:
            environment = servers.environment
            await asyncio.to_thread(upgrade, migration_url(environment))
            url = migration_url(environment).replace("postgresql+asyncpg:", "postgresql:")
            await _fill(url, documents)
            address = environment["QUERY_DATABASE_URL"]
            pool = engine(address, application_name="benchmark", only_reads=True)
            for person in (ONE, OTHERS_FIRST):
                await _compare(pool, person, times)
            if plans:
                await _explain(pool)
            await pool.dispose()


async def _fill(url: str, documents: int) -> None:
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    people = [ONE, *range(OTHERS_FIRST, OTHERS_FIRST + OTHERS)]
    await connection.execute(
        "INSERT INTO document_types (person_id, name, emoji)"
        " SELECT unnest($1::bigint[]), 'All', ''",
        people,
    )
    types = dict(await connection.fetch("SELECT person_id, id FROM document_types"))
    now = datetime.now(UTC)
    rows = [
        (person, types[person], name, note, now - timedelta(minutes=minutes))
        for minutes, (person, name, note) in enumerate(_documents(documents))
    ]
    await connection.copy_records_to_table(
        "documents", records=rows, columns=["person_id", "type_id", "name", "note", "added_at"]
    )
    await connection.execute("VACUUM (ANALYZE) documents")
    click.echo(f"{len(rows)} documents written in {time.perf_counter() - began:.0f} s")
    for index in ("ix_documents_search_marks", "ix_documents_newest", "ix_documents_person_id"):
        size = await connection.fetchval("SELECT pg_size_pretty(pg_relation_size($1))", index)
        click.echo(f"{index}: {size}")
    table = await connection.fetchval("SELECT pg_size_pretty(pg_table_size('documents'))")
    click.echo(f"documents: {table}")
    await connection.close()


def _documents(count: int) -> Iterator[tuple[int, str, str]]:
    """Yield person, name and note; the same in every run. Names are unique by their numbers."""
    choice = random.Random(1)  # noqa: S311 # nothing here is a secret
    for number in range(count):
        name, note = _described(choice)
        rare = f" {COMMON_WORD}" if number % (count // 3) == 0 else ""
        yield ONE, f"{name} {number}{rare}", note
    for number in range(count):
        name, note = _described(choice)
        yield OTHERS_FIRST + number % OTHERS, f"{name} {number} {COMMON_WORD}", note


def _described(choice: random.Random) -> tuple[str, str]:
    name = " ".join(choice.choices(WORDS, k=choice.randint(1, 3))).capitalize()
    noted = choice.random() < 0.3
    return name, " ".join(choice.choices(WORDS, k=choice.randint(3, 20))) if noted else ""


async def _compare(pool: AsyncEngine, person: int, times: int) -> None:
    click.echo(f"\nperson {person}: words, found, milliseconds (median of {times}): plain, search")
    reader = reader_of(pool, watch_statements(pool, NoOpTracer(), unread_calls()))
    for name, words in WANTED.items():

        async def plain(words: str = words) -> None:
            async with pool.connect() as connection:
                await connection.execute(text(PLAIN), {"person": person, "words": words})

        async def search(words: str = words) -> SearchPage:
            asked = SearchDocuments(words=words)
            return await search_documents(asked, Actor(person, "documents"), reader)

        found = await search()
        total = f"{found.total}{'+' if found.more else ''}"
        before, now = await _median(plain, times), await _median(search, times)
        click.echo(f"{name:28} {words!r:16} {total:>5} {before:9.1f} {now:9.1f}")


async def _median(ask: Callable[[], Awaitable[Any]], times: int) -> float:
    taken = []
    for _ in range(times + 2):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[2:])


async def _explain(pool: AsyncEngine) -> None:
    """Print the plans of the very statements that the handler sends."""
    for name, words in WANTED.items():
        async with pool.connect() as connection:
            sent: list[Said] = []
            reader = await reader_on(connection, sent)
            await search_documents(SearchDocuments(words=words), Actor(ONE, "documents"), reader)
            click.echo(f"\n== {name}: {words!r}")
            for statement, parameters in sent:
                if "search_text" in statement:
                    await _print_plan(connection, statement, parameters)


async def _print_plan(connection: AsyncConnection, statement: str, parameters: Any) -> None:
    explained = await connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", parameters
    )
    for (line,) in explained:
        click.echo(f"  {line}")


if __name__ == "__main__":
    main()
