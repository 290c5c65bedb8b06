"""The documents bot's handlers: adding, finding, renaming, deleting."""

import pytest

from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Shown, Talker, newcomer
from tests.services.playground.pictures import png

MENU = [["Add document", "My documents"], ["Settings"]]


async def name_type(anna: Talker, type_name: str) -> Shown:
    """Answer the question for the type, with a new one if need be."""
    asked = (await anna.shown())[-1]
    known = next((label for label in asked.labels if label.endswith(type_name)), None)
    if known:
        return await anna.presses(known)
    await anna.presses("New type")
    return await anna.says(type_name)


async def add(anna: Talker, name: str, type_name: str = "Medical") -> Shown:
    """Add a document, all the way."""
    await anna.sends(f"{name}.pdf", f"bytes of {name}".encode())
    await name_type(anna, type_name)
    await anna.presses("Keep")
    saved = await anna.presses("Save")
    assert f"Saved: {name}" in saved.text
    return saved


async def find(anna: Talker, name: str, type_name: str = "Medical") -> Shown:
    """Go through the lists to a document."""
    types = await anna.says("/documents")
    await anna.presses(next(label for label in types.labels if type_name in label))
    return await anna.presses(name)


class TestAdding:
    async def test_a_file_sent_unasked_becomes_a_document(self, anna: Talker) -> None:
        asked = await anna.sends("Blood test.pdf")
        assert asked.rows == [["New type"], ["Back", "Cancel"]]
        await anna.presses("New type")
        named = await anna.says("🏥 Medical")
        assert "Blood test" in named.text
        assert named.rows == [["Keep"], ["Back", "Cancel"]]
        review = await anna.presses("Keep")
        assert review.rows == [["Save"], ["Back", "Cancel"]]
        assert "File: Blood test.pdf\nType: 🏥 Medical\nName: Blood test" in review.text
        saved = await anna.presses("Save")
        assert "Saved: Blood test" in saved.text

    async def test_the_button_and_the_command_ask_for_the_file(self, anna: Talker) -> None:
        await anna.says("/start")
        assert (await anna.presses("Add document")).text == "Send me the file or photo."
        await anna.presses("Cancel")
        asked = await anna.says("/add")
        assert (asked.text, asked.rows) == ("Send me the file or photo.", [["Cancel"]])

    async def test_a_photo_is_named_by_its_moment(self, anna: Talker) -> None:
        await anna.sends("ignored.png", png(4, 4), kind="photo")
        named = await name_type(anna, "Photos")
        assert "Proposed: Photo " in named.text
        assert ".jpg" not in named.text

    async def test_another_name_can_be_typed(self, anna: Talker) -> None:
        await anna.sends("scan0001.pdf")
        await name_type(anna, "Medical")
        review = await anna.says("  Blood \n test ")
        assert "Name: Blood test" in review.text

    async def test_a_name_over_the_limit_is_asked_for_again(self, anna: Talker) -> None:
        await anna.sends("scan0001.pdf")
        await name_type(anna, "Medical")
        refused = await anna.says("x" * 129)
        assert "At most 128 characters, please; that was 129." in refused.text
        assert "Proposed: scan0001" in refused.text
        review = await anna.says("x" * 128)
        assert "Is everything right?" in review.text

    async def test_a_type_name_over_the_limit_is_asked_for_again(self, anna: Talker) -> None:
        await anna.sends("scan0001.pdf")
        await anna.presses("New type")
        refused = await anna.says("🏥 " + "x" * 41)
        assert "At most 40 characters, please; that was 41." in refused.text
        assert "What shall it be called?" in (await anna.says("Medical")).text

    async def test_a_type_that_exists_is_refused_and_can_be_chosen(self, anna: Talker) -> None:
        await add(anna, "First")
        await anna.sends("Second.pdf")
        await anna.presses("New type")
        refused = await anna.says("medical")
        assert "You have a type medical already" in refused.text
        asked = await anna.presses("Choose the type")
        assert asked.labels[0] == "Medical"

    async def test_back_keeps_what_was_answered(self, anna: Talker) -> None:
        await anna.sends("scan0001.pdf")
        await name_type(anna, "Medical")
        await anna.says("Blood test")
        named = await anna.presses("Back")
        assert "Proposed: Blood test" in named.text
        typed = await anna.presses("Back")
        assert typed.rows[0] == ["Keep"]
        filed = await anna.presses("Back")
        assert "Proposed: scan0001.pdf" in filed.text
        assert filed.rows == [["Keep"], ["Cancel"]]
        review = await anna.presses("Keep")
        assert "Type: Medical\nName: Blood test" in review.text

    async def test_a_text_is_no_file_and_no_type(self, anna: Talker) -> None:
        await anna.says("/add")
        assert "Please send a file" in (await anna.says("here it is")).text
        await anna.sends("scan0001.pdf")
        assert "Please choose one of the buttons." in (await anna.says("Medical")).text

    async def test_one_document_at_a_time(self, anna: Talker) -> None:
        await anna.sends("First.pdf")
        told = await anna.sends("Second.pdf")
        assert "save or cancel it first" in told.text
        asked = await anna.presses("Continue")
        assert asked.text == "What type of document is it?"
        await name_type(anna, "Medical")
        assert "First" in (await anna.shown())[-1].text

    async def test_a_taken_name_is_asked_for_again_and_the_rest_is_kept(self, anna: Talker) -> None:
        await add(anna, "Blood test")
        await anna.sends("Blood test.pdf", b"another")
        await name_type(anna, "Medical")
        await anna.presses("Keep")
        refused = await anna.presses("Save")
        assert "There is a document called Blood test under Medical already." in refused.text
        asked = await anna.presses("Another name")
        assert asked.rows == [["Back", "Cancel"]]
        review = await anna.says("Blood test, May")
        assert "Type: Medical" in review.text
        assert "Saved: Blood test, May" in (await anna.presses("Save")).text

    async def test_a_button_pressed_twice_does_it_once(self, anna: Talker) -> None:
        await anna.sends("Blood test.pdf")
        named = await name_type(anna, "Medical")
        await anna.person.presses("Keep", named.message_id)
        await anna.person.presses("Keep", named.message_id)
        review = await anna.answer()
        assert "Is everything right?" in review.text
        assert (await anna.toasts())[-1] == "This button is out of date."
        await anna.person.presses("Save")
        await anna.person.presses("Save")
        menu = await anna.answer()
        assert menu.rows == MENU
        types = await anna.says("/documents")
        assert types.labels[0] == "Medical (1)"

    async def test_an_update_handled_again_saves_nothing_twice(
        self, anna: Talker, behind: Backstage
    ) -> None:
        await anna.sends("Blood test.pdf")
        await name_type(anna, "Medical")
        await anna.presses("Keep")
        await anna.person.presses("Save")
        (update,) = await behind.updates()
        await behind.handle(update)
        await behind.handle(update)
        assert "Saved" in (await anna.shown())[-1].text
        assert (await anna.says("/documents")).labels[0] == "Medical (1)"


class TestFinding:
    async def test_empty_lists_say_how_to_begin(self, anna: Talker) -> None:
        await anna.says("/start")
        empty = await anna.presses("My documents")
        assert "You have no documents yet" in empty.text
        assert "Add document" in empty.labels

    async def test_a_document_comes_back_as_its_file(self, anna: Talker) -> None:
        await add(anna, "Blood test")
        shown = await find(anna, "Blood test")
        assert shown.file is not None
        assert shown.file["name"] == "Blood test.pdf"
        assert await anna.person.file(shown.message_id) == b"bytes of Blood test"
        assert shown.rows == [["Rename", "Delete"]]

    async def test_a_forgotten_file_is_sent_from_the_stored_copy(self, anna: Talker) -> None:
        await add(anna, "Blood test")
        shown = await find(anna, "Blood test")
        assert shown.file is not None
        await anna.person.loses(shown.file["file_id"])
        await anna.presses("Blood test")
        again = (await anna.person.until(lambda chat: files_of_bot(chat)[1:]))["messages"][-1]
        assert again["file"]["file_id"] != shown.file["file_id"]
        assert await anna.person.file(again["id"]) == b"bytes of Blood test"
        assert [[b["text"] for b in row] for row in again["buttons"]] == [["Rename", "Delete"]]

    async def test_lists_are_turned_in_place(self, anna: Talker) -> None:
        for number in range(11):
            await add(anna, f"Test {number:02}")
        await anna.says("/documents")
        first = await anna.presses("Medical (11)")
        assert first.labels == [*(f"Test {n:02}" for n in range(10, 0, -1)), "›", "Back"]
        second = await anna.presses("›")
        assert second.labels == ["Test 00", "‹", "Back"]
        assert second.message_id == first.message_id
        assert (await anna.presses("‹")).labels == first.labels

    async def test_nobody_reaches_documents_of_others(
        self, anna: Talker, behind: Backstage
    ) -> None:
        await add(anna, "Secret")
        shown = await find(anna, "Secret")
        boris = await newcomer(behind)
        await boris.says("/documents")
        message = (await anna.person.chat())["messages"][-1]
        rename, delete = (button["callback_data"] for button in message["buttons"][0])
        document = delete.split(":")[1]
        for made_by_hand in (delete, f"document:{document}:0:0", f"undo:{document}"):
            told = await boris.presses_by_hand(made_by_hand)
            assert "Secret" not in told.text
            assert told.file is None
        await boris.presses_by_hand(rename)
        assert "no longer there" in (await boris.says("Mine")).text
        assert (await find(anna, "Secret")).file == shown.file

    async def test_what_is_gone_meanwhile_shows_the_list_again(self, anna: Talker) -> None:
        await add(anna, "First")
        await add(anna, "Second")
        await find(anna, "First")
        await anna.presses("Delete")
        gone = (await anna.shown())[-3]
        assert gone.labels[:2] == ["Second", "First"]
        await anna.presses("First", gone.message_id)
        assert (await anna.toasts())[-1] == "This is no longer there."
        current = next(m for m in await anna.shown() if m.message_id == gone.message_id)
        assert current.labels == ["Second", "Back"]


class TestChanging:
    async def test_a_document_is_renamed(self, anna: Talker) -> None:
        await add(anna, "Blood test")
        await find(anna, "Blood test")
        assert "called from now on" in (await anna.presses("Rename")).text
        renamed = await anna.says("Blood test, May")
        assert "It is now called Blood test, May." in renamed.text
        shown = await anna.presses("Show it")
        assert "Blood test, May" in shown.text

    async def test_a_name_taken_is_asked_for_again(self, anna: Talker) -> None:
        await add(anna, "First")
        await add(anna, "Second")
        await find(anna, "First")
        await anna.presses("Rename")
        refused = await anna.says("second")
        assert "already" in refused.text
        await anna.presses("Another name")
        assert "now called Third" in (await anna.says("Third")).text

    async def test_a_change_of_an_old_version_is_refused(self, anna: Talker) -> None:
        await add(anna, "First")
        old = await find(anna, "First")
        await find(anna, "First")
        await anna.presses("Rename")
        await anna.says("Second")
        refused = await anna.presses("Delete", old.message_id)
        assert "changed meanwhile" in refused.text
        assert "Second" in (await anna.presses("Show it")).text

    async def test_a_deletion_is_undone(self, anna: Talker) -> None:
        await add(anna, "Blood test")
        await find(anna, "Blood test")
        deleted = await anna.presses("Delete")
        assert deleted.text == "Deleted: Blood test"
        back = await anna.presses("Undo")
        assert "Blood test is back." in back.text
        assert (await find(anna, "Blood test")).file


class TestTrouble:
    async def test_what_waits_is_accepted_and_three_can_wait(
        self, anna: Talker, behind: Backstage
    ) -> None:
        await add(anna, "First")
        await behind.services.stop("storage")
        try:
            for name in ("Second", "Third"):
                await anna.sends(f"{name}.pdf")
                await name_type(anna, "Medical")
                await anna.presses("Keep")
                assert "accepted" in (await anna.presses("Save")).text
        finally:
            await behind.services.start("storage")

    async def test_a_new_type_that_waits_is_chosen_later(
        self, anna: Talker, behind: Backstage
    ) -> None:
        await anna.sends("First.pdf")
        await behind.services.stop("storage")
        try:
            await anna.presses("New type")
            asked = await anna.says("Medical")
        finally:
            await behind.services.start("storage")
        assert asked.text == "What type of document is it?"
        assert "accepted" in (await anna.shown())[-2].text

    async def test_a_failed_look_up_is_tried_again(self, anna: Talker, behind: Backstage) -> None:
        await add(anna, "First")
        await behind.services.stop("query")
        try:
            told = await anna.says("/documents")
            assert "can't look that up right now" in told.text
            asked = await anna.sends("Second.pdf")
            assert "can't look that up right now" in asked.text
        finally:
            await behind.services.start("query")
        assert (await anna.presses("Try again")).labels[0] == "Medical"
        await anna.presses("Cancel")
        types = await anna.presses("Try again", told.message_id)
        assert types.message_id

    @pytest.mark.parametrize(
        "made_by_hand", ["form:documents-1-1:3:save:0", "again:name:", "nonsense", "document:x:0:0"]
    )
    async def test_unknown_buttons_lead_to_the_menu(self, anna: Talker, made_by_hand: str) -> None:
        await anna.says("/start")
        assert (await anna.presses_by_hand(made_by_hand)).rows == MENU
        assert (await anna.toasts())[-1] == "This button is out of date."


def files_of_bot(chat: dict[str, object]) -> list[object]:
    messages = chat["messages"]
    assert isinstance(messages, list)
    return [m for m in messages if m["from"] == "bot" and m["file"]]
