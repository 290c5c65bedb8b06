"""Adding a document: its file, its type, its name, a review."""

from datetime import UTC, datetime

import msgspec

from contracts.files import UploadKept
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Talker
from tests.services.playground.pictures import png


async def test_a_file_sent_unasked_becomes_a_document(anna: Talker) -> None:
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


async def test_the_button_and_the_command_ask_for_the_file(anna: Talker) -> None:
    await anna.says("/start")
    assert (await anna.presses("Add document")).text == "Send me the file or photo."
    await anna.presses("Cancel")
    asked = await anna.says("/add")
    assert (asked.text, asked.rows) == ("Send me the file or photo.", [["Cancel"]])


async def test_a_photo_is_named_by_its_moment(anna: Talker) -> None:
    await anna.sends("ignored.png", png(4, 4), kind="photo")
    named = await anna.names_type("Photos")
    assert "Proposed: Photo " in named.text
    assert ".jpg" not in named.text


async def test_what_becomes_of_a_file_says_when_it_was_sent(
    anna: Talker, behind: Backstage
) -> None:
    """Whoever is forgotten after that must not be known again by it."""
    before = datetime.now(UTC)
    async with behind.events("event.files.upload_kept") as events:
        await anna.sends("scan0001.pdf")
        after = datetime.now(UTC)
        while True:
            kept = msgspec.json.decode((await events.next_msg(60.0)).data, type=UploadKept)
            if kept.person_id == anna.person.id:
                break
    assert kept.sent_at
    assert before <= kept.sent_at <= after


async def test_another_name_can_be_typed(anna: Talker) -> None:
    await anna.sends("scan0001.pdf")
    await anna.names_type("Medical")
    review = await anna.says("  Blood \n test ")
    assert "Name: Blood test" in review.text


async def test_a_name_over_the_limit_is_asked_for_again(anna: Talker) -> None:
    await anna.sends("scan0001.pdf")
    await anna.names_type("Medical")
    refused = await anna.says("x" * 129)
    assert "At most 128 characters, please; that was 129." in refused.text
    assert "Proposed: scan0001" in refused.text
    review = await anna.says("x" * 128)
    assert "Is everything right?" in review.text


async def test_a_type_name_over_the_limit_is_asked_for_again(anna: Talker) -> None:
    await anna.sends("scan0001.pdf")
    await anna.presses("New type")
    refused = await anna.says("🏥 " + "x" * 41)
    assert "At most 40 characters, please; that was 41." in refused.text
    assert "What shall it be called?" in (await anna.says("Medical")).text


async def test_a_type_that_exists_is_refused_and_can_be_chosen(anna: Talker) -> None:
    await anna.adds("First")
    await anna.sends("Second.pdf")
    await anna.presses("New type")
    refused = await anna.says("medical")
    assert "You have a type medical already" in refused.text
    asked = await anna.presses("Choose the type")
    assert asked.labels[0] == "Medical"


async def test_types_are_chosen_from_pages(anna: Talker) -> None:
    await anna.sends("Blood test.pdf")
    for number in range(12):
        await anna.presses("New type")
        await anna.says(f"Type {number:02}")
        await anna.presses("Back")
    asked = (await anna.shown())[-1]
    assert asked.labels == [
        "Keep",
        *(f"Type {number:02}" for number in range(10)),
        "›",
        "New type",
        "Back",
        "Cancel",
    ]
    turned = await anna.presses("›")
    assert turned.labels == ["Keep", "Type 10", "Type 11", "‹", "New type", "Back", "Cancel"]
    await anna.presses("Type 10")
    review = await anna.presses("Keep")
    assert "Type: Type 10" in review.text


async def test_back_keeps_what_was_answered(anna: Talker) -> None:
    await anna.sends("scan0001.pdf")
    await anna.names_type("Medical")
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


async def test_a_text_is_no_file_and_no_type(anna: Talker) -> None:
    await anna.says("/add")
    assert "Please send a file" in (await anna.says("here it is")).text
    await anna.sends("scan0001.pdf")
    assert "Please choose one of the buttons." in (await anna.says("Medical")).text


async def test_one_document_at_a_time(anna: Talker) -> None:
    await anna.sends("First.pdf")
    told = await anna.says("/add")
    assert "save or cancel it first" in told.text
    asked = await anna.presses("Continue")
    assert asked.text == "What type of document is it?"
    await anna.names_type("Medical")
    assert "First" in (await anna.shown())[-1].text


async def test_a_taken_name_is_asked_for_again_and_the_rest_is_kept(anna: Talker) -> None:
    await anna.adds("Blood test")
    await anna.sends("Blood test.pdf", b"another")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    refused = await anna.presses("Save")
    assert "There is a document called Blood test under Medical already." in refused.text
    asked = await anna.presses("Another name")
    assert asked.rows == [["Back", "Cancel"]]
    review = await anna.says("Blood test, May")
    assert "Type: Medical" in review.text
    assert "Saved: Blood test, May" in (await anna.presses("Save")).text


async def test_a_button_pressed_twice_does_it_once(anna: Talker) -> None:
    await anna.sends("Blood test.pdf")
    named = await anna.names_type("Medical")
    await anna.person.presses("Keep", named.message_id)
    await anna.person.presses("Keep", named.message_id)
    review = await anna.answer()
    assert "Is everything right?" in review.text
    assert (await anna.toasts())[-1] == "This button is out of date."
    await anna.person.presses("Save")
    await anna.person.presses("Save")
    saved = await anna.answer()
    assert "Saved: Blood test" in saved.text
    assert (await anna.toasts())[-1] == "This button is out of date."
    types = await anna.says("/documents")
    assert types.labels[0] == "Medical (1)"


async def test_an_update_handled_again_saves_nothing_twice(anna: Talker, behind: Backstage) -> None:
    await anna.sends("Blood test.pdf")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    await anna.person.presses("Save")
    (update,) = await behind.updates()
    await behind.handle(update)
    await behind.handle(update)
    assert "Saved" in (await anna.shown())[-1].text
    assert (await anna.says("/documents")).labels[0] == "Medical (1)"
