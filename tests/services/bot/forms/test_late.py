"""Refusals that come late, and states that another version left."""

import msgspec

from contracts.documents import DocumentRefused, TypeAdded
from contracts.screens import Screen
from screens import screen_of
from screens.texts import texts
from services.bot.forms import FormState
from telegram_api import show
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import MENU, Shown, Talker

EN = texts("en")


async def save_while_storage_is_away(anna: Talker, behind: Backstage, name: str) -> None:
    await anna.sends(f"{name}.pdf")
    await anna.names_type("Medical")
    await anna.presses("Keep")
    await behind.services.stop("storage")
    try:
        assert "accepted" in (await anna.presses("Save")).text
    finally:
        await behind.services.start("storage")


async def told_late(anna: Talker, behind: Backstage, name: str) -> Shown:
    """Have a refusal told as the notifier tells it."""
    refused = DocumentRefused(
        person_id=anna.person.id, reason="name_taken", name=name, type_name="Medical"
    )
    screen = screen_of(refused, EN)
    assert isinstance(screen, Screen)
    await show.send(behind.handling.bots[APP], anna.person.id, screen)
    return (await anna.shown())[-1]


async def test_a_late_refusal_leads_back_to_the_form(anna: Talker, behind: Backstage) -> None:
    await anna.adds("Blood test")
    await save_while_storage_is_away(anna, behind, "Blood test")
    await told_late(anna, behind, "Blood test")
    asked = await anna.presses("Another name")
    assert "What shall it be called?" in asked.text
    assert "Proposed" not in asked.text
    review = await anna.says("Blood test, May")
    assert "File: Blood test.pdf\nType: Medical\nName: Blood test, May" in review.text
    assert "Saved: Blood test, May" in (await anna.presses("Save")).text


async def test_a_late_refusal_touches_no_other_form(anna: Talker, behind: Backstage) -> None:
    await save_while_storage_is_away(anna, behind, "First")
    await save_while_storage_is_away(anna, behind, "Second")
    await told_late(anna, behind, "First")
    told = await anna.presses("Another name")
    assert "no longer open" in told.text
    assert told.rows == MENU


async def test_a_late_refusal_does_not_end_the_form_begun_meanwhile(
    anna: Talker, behind: Backstage
) -> None:
    await anna.sends("Second.pdf")
    await told_late(anna, behind, "First")
    assert "no longer open" in (await anna.presses("Another name")).text
    await anna.presses("New type")
    assert "Second" in (await anna.says("Medical")).text


async def test_a_type_added_late_leads_back_to_the_choice(anna: Talker, behind: Backstage) -> None:
    await anna.sends("Blood test.pdf")
    added = TypeAdded(person_id=anna.person.id, type_id=1, name="Medical", emoji="")
    screen = screen_of(added, EN)
    assert isinstance(screen, Screen)
    await show.send(behind.handling.bots[APP], anna.person.id, screen)
    assert "What type of document" in (await anna.presses("Choose the type")).text


async def leave_state(anna: Talker, behind: Backstage, state: msgspec.Struct) -> None:
    """Put into the dialog slot what an older version may have left."""
    key, value = f"dialog:{APP}:{anna.person.id}", msgspec.json.encode(state)
    await behind.handling.memory.redis.set(key, value)


async def test_a_form_that_is_no_more_is_left_with_a_word(anna: Talker, behind: Backstage) -> None:
    await leave_state(anna, behind, FormState(form="documents.gone", form_id="x", field="name"))
    told = await anna.says("Blood test")
    assert "no longer open" in told.text
    assert told.rows == MENU
    assert "did not understand" in (await anna.says("Blood test")).text


async def test_a_field_that_is_no_more_is_left_with_a_word(anna: Talker, behind: Backstage) -> None:
    await leave_state(
        anna, behind, FormState(form="documents.add_files", form_id="x", field="gone")
    )
    told = await anna.sends("Blood test.pdf")
    assert "save or cancel it first" in told.text
    assert "no longer open" in (await anna.presses("Continue")).text
    assert "What type" in (await anna.sends("Blood test.pdf")).text


async def test_a_state_of_another_kind_is_no_form(anna: Talker, behind: Backstage) -> None:
    class Board(msgspec.Struct, tag="board"):
        moves: int

    await leave_state(anna, behind, Board(3))
    assert "did not understand" in (await anna.says("Blood test")).text
