"""The bus is full: nothing is accepted, which is said in words, and the same may be done again."""

import msgspec

from bus.envelope import read_envelope
from services.bot.forms import FormState
from tests.full_streams import full
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import MENU, Shown, Talker, newcomer

NOT_ACCEPTED = "this was not accepted"
DEADLINE = 60.0


async def test_save_is_pressed_again_and_is_the_same_command(
    anna: Talker, behind: Backstage
) -> None:
    await anna.sends("Blood test.pdf")
    await anna.names_type("Medical")
    review = await anna.presses("Keep")
    state = await behind.handling.memory.redis.get(f"dialog:documents:{anna.person.id}")
    assert state
    async with full("COMMANDS"):
        for _ in range(2):
            assert NOT_ACCEPTED in (await anna.presses("Save", review.message_id)).text
    async with behind.events("event.documents.document_added") as added:
        saved = await anna.presses("Save", review.message_id)
        event = await added.next_msg(DEADLINE)
    shown = {shown.message_id: shown.text for shown in await anna.shown()}
    assert "Saved: Blood test" in shown[review.message_id]
    assert NOT_ACCEPTED in saved.text
    form_id = msgspec.json.decode(state, type=FormState).form_id
    assert read_envelope(event.headers).causation_id == f"{form_id}-0"


async def test_an_answer_is_typed_again(anna: Talker, behind: Backstage) -> None:
    await anna.adds("Blood test")
    await anna.finds("Blood test")
    await anna.presses("Rename")
    async with full("COMMANDS"):
        assert NOT_ACCEPTED in (await anna.says("Blood test, May")).text
    assert "Blood test, May" in (await anna.says("Blood test, May")).text
    assert "Blood test, May" in (await anna.finds("Blood test, May")).text


async def test_a_file_is_sent_again(anna: Talker, behind: Backstage) -> None:
    async with full("COMMANDS"):
        assert NOT_ACCEPTED in (await anna.sends("Blood test.pdf")).text
        assert (await anna.says("/cancel")).rows == MENU
    await anna.sends("Blood test.pdf")
    assert "Name: Blood test" in (await review_of(anna)).text


async def test_it_is_said_in_russian_and_to_somebody_new(behind: Backstage) -> None:
    boris = await newcomer(behind, "ru")
    async with full("COMMANDS"):
        assert "не принято" in (await boris.sends("Анализ.pdf")).text


async def review_of(anna: Talker) -> Shown:
    """Answer what is left to be asked."""
    await anna.names_type("Medical")
    return await anna.presses("Keep")
