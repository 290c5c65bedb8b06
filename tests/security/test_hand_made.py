"""Buttons and messages made by hand: what belongs to somebody else stays theirs, and hidden."""

import asyncio
import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from aiogram.filters.callback_data import CallbackData

import screens
from screens.documents.buttons import DeleteButton, DocumentButton
from screens.links import LinksButton, NewLinkButton, RevokeButton
from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.links import addresses, create_link, opened
from tests.flows.test_documents import add, open_document
from tests.security.webhook import Webhook
from tests.switchboard.probes import plain_url

AT_ONCE = 8
"""People; of all buttons together many would wait for their turn too long."""
OWN = {"settings", "language", "zone", "erase", "menu", "add"}
"""Buttons that name nothing, and so mean the presser's own."""


def every_button(kind: type[CallbackData] = CallbackData) -> Iterator[type[CallbackData]]:
    """Yield every kind of button that any screen has."""
    for found in kind.__subclasses__():
        if found.__module__.startswith("screens"):
            yield found
        yield from every_button(found)


for module in pkgutil.walk_packages(screens.__path__, f"{screens.__name__}."):
    importlib.import_module(module.name)  # every app's buttons, those of an app to come, too
NAMING = sorted(
    (kind for kind in every_button() if getattr(kind, "__prefix__", "page") not in OWN | {"page"}),
    key=lambda kind: kind.__name__,
)


@pytest_asyncio.fixture(loop_scope="session")
async def database(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """Whoever sees every row."""
    connection = await asyncpg.connect(plain_url(migrated["MIGRATION_DATABASE_URL"]))
    yield connection
    await connection.close()


@dataclass
class Victim:
    """Somebody with a document, a link and something in the trash."""

    chat: Chat
    ids: dict[str, int]
    link: str

    async def rows(self, database: asyncpg.Connection) -> list[str]:
        """Return every row of theirs, wherever a table names its person."""
        found = []
        tables = await database.fetch(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'person_id' AND table_schema = 'public'"
        )
        for (table,) in tables:
            rows = await database.fetch(
                f"SELECT t::text FROM {table} t WHERE person_id = $1 ORDER BY 1",
                self.chat.person_id,
            )
            found += [f"{table} {row[0]}" for row in rows]
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def victim(http: aiohttp.ClientSession, migrated: dict[str, str]) -> Victim:
    """Anna, who has never heard of the others."""
    async with http.post("/sim/people", json={"first_name": "Anna"}) as response:
        chat = Chat(http, "documents", (await response.json())["id"])
    await add(chat, b"%PDF diary", "diary.pdf", "Private", "Annas diary")
    await open_document(chat, "Private (1)", "Annas diary")
    address = await create_link(chat)
    connection = await asyncpg.connect(plain_url(migrated["MIGRATION_DATABASE_URL"]))
    document, type_id, version = await connection.fetchrow(
        "SELECT id, type_id, version FROM documents WHERE person_id = $1", chat.person_id
    )
    link = await connection.fetchval("SELECT id FROM links WHERE person_id = $1", chat.person_id)
    await connection.close()
    ids = {"document_id": document, "type_id": type_id, "link_id": link, "version": version}
    ids["target"] = document  # of links
    return Victim(chat, ids, address)


def made_by_hand(kind: type[CallbackData], ids: dict[str, int]) -> str:
    """Return what a button of somebody else would carry, for every number it may name."""
    others = {"int": "1", "bool": "1"}
    parts = [
        str(ids.get(name) or others.get(getattr(described.annotation, "__name__", ""), "d1"))
        for name, described in kind.model_fields.items()
    ]
    return kind.__separator__.join([kind.__prefix__, *parts])


async def test_buttons_made_by_hand_for_somebody_elses_things_do_nothing(
    meet: MeetPerson, victim: Victim, webhook: Webhook, database: asyncpg.Connection
) -> None:
    before = await victim.rows(database)
    assert len(before) >= 5
    assert len(NAMING) >= 20

    async def presses(kinds: Sequence[type[CallbackData]]) -> None:
        person = await meet("en")
        await person.says("/start")
        await person.sees_new("Add document")
        for kind in kinds:
            await webhook.brings(person, made_by_hand(kind, victim.ids))
            await person.says("hacked")
            await person.says("/cancel")
            await person.says("/start")
            await person.sees_new("Add document")
            chat = await person.transcript()
            assert "diary" not in chat, kind
            assert "Private" not in chat, kind

    await asyncio.gather(*(presses(NAMING[first::AT_ONCE]) for first in range(AT_ONCE)))
    assert await victim.rows(database) == before


async def test_who_presses_anothers_button_is_told_in_words(
    person: Chat, victim: Victim, webhook: Webhook
) -> None:
    await person.says("/start")
    await person.sees_new("Add document")
    await webhook.brings(person, made_by_hand(DocumentButton, victim.ids))
    await person.sees_new("You have no documents yet")


async def test_who_has_a_link_can_open_it_and_neither_list_nor_end_nor_renew_it(
    person: Chat, victim: Victim, webhook: Webhook, database: asyncpg.Connection
) -> None:
    before = await victim.rows(database)
    await add(person, b"%PDF own", "own.pdf", "Own", "My own")
    await open_document(person, "Own (1)", "My own")
    own = await create_link(person)
    target, link_id = str(victim.ids["target"]), victim.ids["link_id"]
    for made in (
        LinksButton(target=target),
        NewLinkButton(target=target, days=0),
        RevokeButton(target=target, link_id=link_id),
    ):
        await webhook.brings(person, made.pack())
    await person.sees("There is no such link any more")

    assert addresses({"text": await person.transcript()}) == [own]
    assert await victim.rows(database) == before
    response, body = await opened(victim.link)
    assert (response.status, body) == (200, b"%PDF diary")


@pytest.mark.parametrize(
    "data",
    [
        "doc:1:0",
        "doc:-1:0:0",
        f"doc:{2**63}:0:0",
        f"doc:{'9' * 40}:0:0",
        "doc:x:y:z",
        "doc:::",
        "nothing:1",
        "::::::::",
        "doc:1';DROP TABLE documents;--:0:0",
        "\x00\x01",
        "д" * 32,
        "",
    ],
)
async def test_a_button_of_no_sense_is_answered_in_words(
    person: Chat, webhook: Webhook, data: str
) -> None:
    await person.says("/start")
    await person.sees_new("Add document")
    await webhook.brings(person, data)
    await person.says("/start")
    await person.sees_new("Add document")
    assert "something broke" not in (await person.transcript()).lower()


async def test_a_reply_to_an_upload_of_somebody_else_keeps_nothing_of_theirs(
    person: Chat, victim: Victim, database: asyncpg.Connection
) -> None:
    before = await victim.rows(database)
    file_id = await database.fetchval(
        "SELECT file_id FROM uploads WHERE person_id = $1", victim.chat.person_id
    )
    await person.says(file_id)
    await person.says(f"/start {victim.ids['document_id']}")
    await person.sees_new("Add document")
    assert await victim.rows(database) == before


async def test_what_is_brought_without_the_secret_reaches_nobody(
    person: Chat, victim: Victim, webhook: Webhook, database: asyncpg.Connection
) -> None:
    before = await victim.rows(database)
    for secret in ("", "guess", webhook.secret[:-1], webhook.secret.swapcase()):
        forger = Webhook(webhook.http, webhook.url, secret)
        with pytest.raises(AssertionError, match="403"):
            await forger.brings(victim.chat, "empty:9999999999:1:1")
    assert await victim.rows(database) == before


async def test_their_owner_presses_the_same_with_effect(
    victim: Victim, webhook: Webhook, database: asyncpg.Connection
) -> None:
    before = await victim.rows(database)
    await webhook.brings(victim.chat, made_by_hand(DeleteButton, victim.ids))
    await victim.chat.sees_new("Deleted")
    assert await victim.rows(database) != before
