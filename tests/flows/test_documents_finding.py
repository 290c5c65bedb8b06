"""Search, moving, types, trash and quotas, told as a chat."""

import asyncpg

from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.test_documents import add, open_document


async def test_search_finds_any_part_of_a_name_in_any_case(person: Chat) -> None:
    await add(person, b"contract", "contract.pdf", "Papers", name="Договор аренды №12")
    await add(person, b"receipt", "receipt.pdf", "Papers", name="Receipt for the lease")
    await person.says("/start")
    await person.presses("Search")
    await person.sees_new("any part of a name")
    await person.says("ГОВОР арен")
    found = await person.sees_new("1 to 1 of 1")
    assert labels(found)[0] == "Договор аренды №12"
    await person.presses("Договор аренды №12")
    assert await person.receives("contract.pdf") == b"contract"


async def test_search_finds_what_a_note_says(person: Chat) -> None:
    await add(person, b"passport", "passport.pdf", "Papers")
    await open_document(person, "Papers (1)", "passport")
    await person.presses("Note")
    await person.says("Лежит в зелёной папке")
    await person.sees_new("Noted about")
    await person.says("/search ЗЕЛЕНОЙ")
    await person.sees_new("1 to 1 of 1")
    await person.presses("passport")
    assert await person.receives("passport.pdf") == b"passport"


async def test_search_takes_its_words_with_the_command(person: Chat) -> None:
    await add(person, b"100", "100.pdf", "Rates", name="100% cotton_wool")
    await add(person, b"1000", "1000.pdf", "Rates", name="1000 cottonXwool")
    for words in ("100%", "n_w", "% Cotton"):
        await person.says(f"/search {words}")
        found = await person.sees_new("1 to 1 of 1")
        assert labels(found)[0] == "100% cotton_wool"


async def test_nothing_found_says_how_to_go_on(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Papers")
    await person.says("/search two")
    await person.sees_new("nothing with two")
    await person.presses("Other words")
    await person.sees_new("any part of a name")
    await person.says("ONE")
    await person.sees_new("1 to 1 of 1")


async def test_search_is_left_by_cancel_and_begun_anew(person: Chat) -> None:
    await person.says("/search")
    await person.sees_new("any part of a name")
    await person.says("/search")
    await person.sees_new("any part of a name")
    await person.says("/cancel")
    await person.sees_new("Cancelled")
    await person.says("one")
    await person.sees_new("did not understand")


async def test_words_that_are_too_long_are_asked_for_again(person: Chat) -> None:
    await person.says(f"/search {'x' * 129}")
    await person.sees_new("At most 128 characters")
    await person.says("x")
    await person.sees_new("nothing with x")


async def test_what_was_found_comes_in_pages(person: Chat, database: asyncpg.Connection) -> None:
    await keep_many(person, database, 12)
    await person.says("/search number")
    await person.sees_new("1 to 10 of 12")
    await person.presses("›")
    await person.sees_new("11 to 12 of 12")
    await person.presses("‹")
    await person.sees_new("1 to 10 of 12")
    old = await person.sees("1 to 10 of 12")
    await person.says("/search nothing like it")
    await person.sees_new("I found nothing")
    assert "›" in labels(old)
    await person.presses("›")
    await person.sees_toast("out of date")


async def test_nobody_finds_what_belongs_to_somebody_else(person: Chat, meet: MeetPerson) -> None:
    await add(person, b"secret", "secret.pdf", "Papers", name="Very secret")
    other = await meet("en")
    await other.says("/search secret")
    await other.sees_new("I found nothing")


async def test_a_document_moves_to_another_type(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Inbox")
    await add(person, b"two", "two.pdf", "Archive")
    await open_document(person, "Inbox (1)", "one")
    await person.presses("Move")
    await person.sees_new("Which type")
    await person.presses("Archive")
    await person.sees_new("one is under Archive now")
    await person.says("/documents")
    await person.sees_new("Inbox (0)")
    await person.presses("Archive (2)")
    await person.sees_new("1 to 2 of 2")


async def test_a_document_moves_to_a_type_made_on_the_way(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Inbox")
    await open_document(person, "Inbox (1)", "one")
    await person.presses("Move")
    await person.presses("New type")
    await person.says("🗄 Archive")
    await person.sees_new("one is under Archive now")
    await person.says("/documents")
    await person.sees_new("🗄 Archive (1)")


async def test_a_name_taken_where_it_moves_is_said_with_ways_on(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Inbox")
    await add(person, b"two", "two.pdf", "Archive", name="ONE")
    await open_document(person, "Inbox (1)", "one")
    await person.presses("Move")
    await person.presses("Archive")
    refused = await person.sees_new("stays where it is")
    assert {"Another type", "Show it"} <= set(labels(refused))
    await person.presses("Another type")
    await person.presses("New type")
    await person.says("Attic")
    await person.sees_new("one is under Attic now")


def labels(shown: dict[str, list[list[dict[str, str]]]]) -> list[str]:
    """Return what is written on the buttons of a message."""
    return [button["text"] for row in shown["buttons"] for button in row]


async def keep_many(person: Chat, database: asyncpg.Connection, count: int) -> None:
    """Put documents without files into the database: adding them one by one takes long."""
    await person.says("/start")
    await person.sees_new("Search")
    type_id = await database.fetchval(
        "INSERT INTO document_types (person_id, name, emoji) VALUES ($1, 'Many', '') RETURNING id",
        person.person_id,
    )
    await database.execute(
        "INSERT INTO documents (person_id, type_id, name)"
        " SELECT $1, $2, 'Number ' || number FROM generate_series(1, $3::int) AS number",
        person.person_id,
        type_id,
        count,
    )
