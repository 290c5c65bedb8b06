"""Finding documents: lists, pages, the file itself, and nobody else's."""

from typing import Any

from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Talker, newcomer


async def test_empty_lists_say_how_to_begin(anna: Talker) -> None:
    await anna.says("/start")
    empty = await anna.presses("My documents")
    assert "You have no documents yet" in empty.text
    assert "Add document" in empty.labels


async def test_a_document_comes_back_as_its_file(anna: Talker) -> None:
    await anna.adds("Blood test")
    shown = await anna.finds("Blood test")
    assert shown.file is not None
    assert shown.file["name"] == "Blood test.pdf"
    assert await anna.person.file(shown.message_id) == b"bytes of Blood test"
    assert {"Rename", "Delete", "Note", "Versions"} <= set(shown.labels)


async def test_a_forgotten_file_is_sent_from_the_stored_copy(anna: Talker) -> None:
    await anna.adds("Blood test")
    shown = await anna.finds("Blood test")
    assert shown.file is not None
    await anna.person.loses(shown.file["file_id"])
    await anna.presses("Blood test")
    again = (await anna.person.until(lambda chat: files_of_bot(chat)[1:]))["messages"][-1]
    assert again["file"]["file_id"] != shown.file["file_id"]
    assert await anna.person.file(again["id"]) == b"bytes of Blood test"
    assert [[b["text"] for b in row] for row in again["buttons"]] == shown.rows


async def test_lists_are_turned_in_place(anna: Talker) -> None:
    for number in range(11):
        await anna.adds(f"Test {number:02}")
    await anna.says("/documents")
    first = await anna.presses("Medical (11)")
    newest = [f"Test {n:02}" for n in range(10, 0, -1)]
    assert first.labels == [*newest, "›", "Download all", "Edit type", "Back"]
    second = await anna.presses("›")
    assert second.labels == ["Test 00", "‹", "Download all", "Edit type", "Back"]
    assert second.message_id == first.message_id
    assert (await anna.presses("‹")).labels == first.labels


async def test_nobody_reaches_documents_of_others(anna: Talker, behind: Backstage) -> None:
    await anna.adds("Secret")
    shown = await anna.finds("Secret")
    boris = await newcomer(behind)
    await boris.says("/documents")
    message = (await anna.person.chat())["messages"][-1]
    rename, *_, delete = (button["callback_data"] for button in message["buttons"][0])
    document = delete.split(":")[1]
    for made_by_hand in (delete, f"doc:{document}:0:0", f"undo:{document}"):
        told = await boris.presses_by_hand(made_by_hand)
        assert "Secret" not in told.text
        assert told.file is None
    await boris.presses_by_hand(rename)
    assert "no longer there" in (await boris.says("Mine")).text
    assert (await anna.finds("Secret")).file == shown.file


async def test_what_is_gone_meanwhile_shows_the_list_again(anna: Talker) -> None:
    await anna.adds("First")
    await anna.adds("Second")
    await anna.finds("First")
    await anna.presses("Delete")
    gone = (await anna.shown())[-3]
    assert gone.labels[:2] == ["Second", "First"]
    await anna.presses("First", gone.message_id)
    assert (await anna.toasts())[-1] == "This is no longer there."
    current = next(m for m in await anna.shown() if m.message_id == gone.message_id)
    assert current.labels == ["Second", "Download all", "Edit type", "Back"]


def files_of_bot(chat: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in chat["messages"] if m["from"] == "bot" and m["file"]]
