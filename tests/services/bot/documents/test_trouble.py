"""What people are told while a service is away, and after strange buttons."""

import pytest

from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Talker

DEADLINE = 60.0


async def test_what_waits_is_accepted_and_done_later(anna: Talker, behind: Backstage) -> None:
    await anna.adds("First")
    await behind.services.stop("storage")
    async with behind.events("event.documents.document_added") as added:
        try:
            for name in ("Second", "Third"):
                await anna.sends(f"{name}.pdf")
                await anna.names_type("Medical")
                await anna.presses("Keep")
                assert "accepted" in (await anna.presses("Save")).text
        finally:
            await behind.services.start("storage")
        for _ in range(2):
            await added.next_msg(DEADLINE)
    assert (await anna.says("/documents")).labels[0] == "Medical (3)"


async def test_a_new_type_that_waits_is_chosen_later(anna: Talker, behind: Backstage) -> None:
    await anna.sends("First.pdf")
    await behind.services.stop("storage")
    try:
        await anna.presses("New type")
        asked = await anna.says("Medical")
    finally:
        await behind.services.start("storage")
    assert asked.text == "What type of document is it?"
    assert "accepted" in (await anna.shown())[-2].text


async def test_a_failed_look_up_is_tried_again(anna: Talker, behind: Backstage) -> None:
    await anna.adds("First")
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
    await anna.presses("Try again", told.message_id)
    (types,) = [shown for shown in await anna.shown() if shown.message_id == told.message_id]
    assert types.labels[0] == "Medical (1)"


@pytest.mark.parametrize(
    "made_by_hand", ["form:documents-1-1:3:save:0", "again:name:", "nonsense", "doc:x:0:0"]
)
async def test_unknown_buttons_lead_to_the_menu(anna: Talker, made_by_hand: str) -> None:
    await anna.says("/start")
    assert (await anna.presses_by_hand(made_by_hand)).rows == MENU
    assert (await anna.toasts())[-1] == "This button is out of date."
