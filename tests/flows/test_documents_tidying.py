"""Types, the trash and quotas, told as a chat."""

import asyncio
from pathlib import Path

import asyncpg

from tests.chat import Chat
from tests.flows.test_documents import add, open_document
from tests.flows.test_documents_finding import keep_many, labels

QUOTA = 1000
WITHIN = 60.0


async def test_a_type_is_renamed(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Papers")
    await add(person, b"two", "two.pdf", "Cats")
    await edit_type(person, "Papers (1)")
    await person.presses("Rename type")
    await person.says("cats")
    await person.sees_new("You have a type cats already")
    await person.presses("Another name")
    await person.says("📄 Paperwork")
    await person.sees_new("now called 📄 Paperwork")
    await person.says("/documents")
    await person.sees_new("📄 Paperwork (1)")


async def test_a_type_is_deleted_only_when_nothing_is_under_it(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Papers")
    await edit_type(person, "Papers (1)")
    await person.presses("Delete type")
    await person.sees_new("Papers stays: 1 document is under it")
    await delete_document(person, "Papers (1)", "one")
    await edit_type(person, "Papers (0)")
    await person.presses("Delete type")
    await person.sees_new("1 document in the trash would return to it")
    await person.presses("Trash")
    await empty_trash(person)
    await edit_type(person, "Papers (0)")
    await person.presses("Delete type")
    await person.sees_new("The type Papers is gone")
    await person.says("/documents")
    await person.sees_new("no documents yet")


async def test_what_was_deleted_is_in_the_trash_and_comes_back(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Papers")
    await delete_document(person, "Papers (1)", "one")
    await person.says("/start")
    await person.presses("Trash")
    shown = await person.sees_new("In the trash: 1 to 1 of 1")
    assert "one (Papers) until" in shown["text"]
    await person.presses("Restore one")
    await person.sees_new("one is back")
    await person.says("/trash")
    await person.sees_new("The trash is empty")
    await open_document(person, "Papers (1)", "one")
    assert await person.receives("one.pdf") == b"one"


async def test_a_name_taken_since_is_said_when_restoring(person: Chat) -> None:
    await add(person, b"one", "one.pdf", "Papers")
    await delete_document(person, "Papers (1)", "one")
    await add(person, b"another one", "one.pdf", "Papers")
    await person.says("/trash")
    await person.presses("Restore one")
    refused = await person.sees_new("stays in the trash")
    assert {"Show it", "Trash"} <= set(labels(refused))


async def test_emptying_the_trash_is_asked_first_and_lets_the_bytes_go(
    person: Chat, migrated: dict[str, str], database: asyncpg.Connection
) -> None:
    await add(person, b"to be forgotten", "one.pdf", "Papers")
    file = await kept_file(person, migrated, database)
    await delete_document(person, "Papers (1)", "one")
    await person.says("/trash")
    await person.presses("Empty trash")
    await person.sees_new("Shall 1 document vanish for good?")
    await person.presses("Back")
    await person.sees_new("In the trash")
    assert await asyncio.to_thread(file.exists)
    await empty_trash(person)
    await person.says("/trash")
    await person.sees_new("The trash is empty")
    await vanishes(person, file)


async def test_after_thirty_days_a_deleted_document_is_gone_with_its_bytes(
    person: Chat, migrated: dict[str, str], database: asyncpg.Connection
) -> None:
    await add(person, b"old", "old.pdf", "Papers")
    await add(person, b"restored", "restored.pdf", "Papers")
    file = await kept_file(person, migrated, database)
    await delete_document(person, "Papers (2)", "old")
    await delete_document(person, "Papers (1)", "restored")
    await person.presses("Undo")
    await person.sees_new("restored is back")

    await database.execute(
        "UPDATE documents SET deleted_at = deleted_at - interval '30 days' WHERE person_id = $1",
        person.person_id,
    )
    await database.execute(
        "UPDATE scheduled SET due_at = due_at - interval '30 days'"
        " WHERE actor = $1 AND key LIKE 'documents:purge:%'",
        f"{person.person_id}@documents",
    )

    await vanishes(person, file)
    await person.says("/trash")
    await person.sees_new("The trash is empty")
    await person.says("/documents")
    await person.sees_new("Papers (1)")


async def test_quotas_are_shown_and_kept(person: Chat, database: asyncpg.Connection) -> None:
    await add(person, b"x" * 1536, "one.pdf", "Papers")
    await person.says("/documents")
    await person.sees_new("1 of 1000 documents, 1.5 kB of 1 GB")
    await keep_many(person, database, QUOTA - 1)

    await person.sends(b"one too many", "two.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("you keep 1000 of 1000 documents")

    await database.execute(
        "DELETE FROM documents WHERE person_id = $1 AND name LIKE 'Number%'", person.person_id
    )
    await person.presses("Try again")
    await person.says("Two")
    await person.presses("Save")
    await person.sees_new("Saved: Two")


async def edit_type(person: Chat, type_button: str) -> None:
    """Go to what can be done with a type."""
    await person.says("/documents")
    await person.presses(type_button)
    await person.sees_new("Edit type")
    await person.presses("Edit type")
    await person.sees_new("Delete type")


async def delete_document(person: Chat, type_button: str, name: str) -> None:
    """Find a document and delete it."""
    await open_document(person, type_button, name)
    await person.presses("Delete")
    await person.sees_new(f"Deleted: {name}")


async def empty_trash(person: Chat) -> None:
    """Empty the trash that is shown."""
    await person.presses("Empty trash")
    await person.presses("Yes, empty it")
    await person.sees_new("gone for good")


async def kept_file(person: Chat, migrated: dict[str, str], database: asyncpg.Connection) -> Path:
    """Return where the bytes of the person's first file are kept."""
    upload_id = await database.fetchval(
        "SELECT upload_id FROM document_files WHERE person_id = $1 ORDER BY known_since LIMIT 1",
        person.person_id,
    )
    folder = Path(migrated["FILES_URL"].removeprefix("file://"))
    (file,) = await asyncio.to_thread(lambda: list(folder.rglob(f"*{upload_id}*")))
    return file


async def vanishes(person: Chat, file: Path) -> None:
    """Wait until a file is deleted; what the chat does meanwhile is a way to wait."""
    async with asyncio.timeout(WITHIN):
        while await asyncio.to_thread(file.exists):
            await person.says("/help")
            await person.sees_new("/documents")
