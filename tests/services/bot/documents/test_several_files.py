"""Albums in a form, and refusals that come late and lead on."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Shown, Talker


@pytest_asyncio.fixture
async def late(behind: Backstage) -> AsyncIterator[Backstage]:
    """The services, with the one that tells what comes late."""
    await behind.services.start("notifier")
    yield behind
    await behind.services.stop("notifier")


async def told(anna: Talker, text: str) -> Shown:
    """Return the message that tells what came late, once it is there."""
    message_id = (await anna.person.sees(text))["id"]
    return next(shown for shown in await anna.shown() if shown.message_id == message_id)


async def save_while_storage_is_away(anna: Talker, late: Backstage, button: str) -> None:
    await late.services.stop("storage")
    try:
        await anna.presses(button)
        assert any("It is accepted" in shown.text for shown in await anna.shown())
    finally:
        await late.services.start("storage")


async def fill_in(anna: Talker, name: str, *files: str) -> None:
    await anna.sends_album(*files)
    await anna.names_type("Medical")
    await anna.says(name)


async def test_an_album_is_answered_once_and_shows_what_came(anna: Talker) -> None:
    asked = await anna.sends_album("a.pdf", "b.pdf", "c.pdf")
    assert asked.text == "Files (3): a.pdf, b.pdf, c.pdf\n\nWhat type of document is it?"
    assert len(await anna.shown()) == 1
    assert "Proposed: a" in (await anna.names_type("Medical")).text
    review = await anna.presses("Keep")
    assert "Files (3): a.pdf, b.pdf, c.pdf\nType: Medical\nName: a" in review.text
    assert "Saved: a" in (await anna.presses("Save")).text


async def test_a_part_handled_again_is_taken_once(anna: Talker, behind: Backstage) -> None:
    await anna.person.uploads_album([("a.pdf", b"a"), ("b.pdf", b"b")])
    first, second = await behind.updates()
    for update in (first, first, second, second):
        await behind.handle(update)
    (asked,) = await anna.shown()
    assert asked.text.startswith("Files (2): a.pdf, b.pdf\n\n")


async def test_types_that_cannot_be_looked_up_are_asked_for_with_each_part(
    anna: Talker, behind: Backstage
) -> None:
    await behind.services.stop("query")
    try:
        asked = await anna.sends("a.pdf")
        assert "can't look that up" in asked.text
    finally:
        await behind.services.start("query")
    asked = await anna.sends("b.pdf")
    assert "Files (2): a.pdf, b.pdf\n\nWhat type" in asked.text
    assert "New type" in asked.labels
    assert len(await anna.shown()) == 1


async def test_files_that_replace_others_begin_anew(anna: Talker) -> None:
    await anna.sends_album("a.pdf", "b.pdf")
    asked = await anna.presses("Back")
    assert "Proposed: a.pdf, b.pdf" in asked.text
    await anna.sends_album("c.pdf", "d.pdf")
    assert (await anna.shown())[-1].text.startswith("Files (2): c.pdf, d.pdf\n\n")


async def test_long_names_of_files_fit_into_one_message(anna: Talker) -> None:
    for group in "ab":
        await anna.sends_album(*(f"{group}{n} {'x' * 180}.pdf" for n in range(10)))
    (asked,) = await anna.shown()
    assert asked.text.startswith("Files (20): a0 xxx")
    assert "…" in asked.text


async def test_a_confirmation_comes_late(anna: Talker, late: Backstage) -> None:
    await fill_in(anna, "Blood test", "a.pdf", "b.pdf")
    await save_while_storage_is_away(anna, late, "Save")
    await told(anna, "Saved: Blood test, under Medical.")


async def test_a_late_refusal_of_a_name_offers_a_new_version(anna: Talker, late: Backstage) -> None:
    await anna.adds("Blood test")
    await fill_in(anna, "Blood test", "a.pdf", "b.pdf")
    await save_while_storage_is_away(anna, late, "Save")
    refused = await told(anna, "There is a document called Blood test")
    assert refused.rows == [["New version", "Another name"], ["Cancel"]]
    await save_while_storage_is_away(anna, late, "New version")
    await told(anna, "Saved: version 2 of Blood test")


async def test_a_late_refusal_of_the_same_content_offers_to_save_it(
    anna: Talker, late: Backstage
) -> None:
    await fill_in(anna, "Blood test", "a.pdf", "b.pdf")
    await anna.presses("Save")
    await fill_in(anna, "Copy", "other.pdf", "b.pdf")
    await save_while_storage_is_away(anna, late, "Save")
    refused = await told(anna, "the same content is in Blood test")
    assert refused.rows == [["Save anyway", "Show the existing one"], ["Cancel"]]
    assert "2 files" in (await anna.presses("Show the existing one")).text
    await save_while_storage_is_away(anna, late, "Save anyway")
    await told(anna, "Saved: Copy")


async def test_a_late_refusal_can_be_left(anna: Talker, late: Backstage) -> None:
    await anna.adds("Blood test")
    await fill_in(anna, "Blood test", "a.pdf")
    await save_while_storage_is_away(anna, late, "Save")
    await told(anna, "There is a document called Blood test")
    assert "Cancelled." in (await anna.presses("Cancel")).text


async def test_what_was_settled_is_sent_once(anna: Talker) -> None:
    await anna.adds("Blood test")
    await fill_in(anna, "Blood test", "a.pdf")
    refused = await anna.presses("Save")
    await anna.person.presses("New version", refused.message_id)
    await anna.person.presses("New version", refused.message_id)
    await anna.answer()
    assert (await anna.toasts())[-1] == "This button is out of date."
    await anna.finds("Blood test")
    versions = await anna.presses("Versions")
    assert [label[:9] for label in versions.labels] == ["Version 2", "Version 1", "Show it"]


async def test_a_button_of_a_form_that_goes_on_is_out_of_date(anna: Talker) -> None:
    await anna.adds("Blood test")
    await fill_in(anna, "Blood test", "a.pdf")
    refused = await anna.presses("Save")
    (made,) = [
        button["callback_data"]
        for message in (await anna.person.chat())["messages"]
        if message["id"] == refused.message_id
        for row in message["buttons"]
        for button in row
        if button["text"] == "New version"
    ]
    await anna.presses("Another name")
    await anna.presses_by_hand(made)
    assert (await anna.toasts())[-1] == "This button is out of date."
    review = await anna.says("Blood test, May")
    assert "Name: Blood test, May" in review.text
