"""Buttons that somebody presses several times before the first press is answered."""

import pytest

from tests.services.bot.talking import Talker


@pytest.mark.parametrize(("button", "word"), [("Save", "Saved: Blood"), ("Cancel", "Cancelled")])
async def test_pressed_three_times_a_button_ends_the_form_and_says_no_more(
    anna: Talker, button: str, word: str
) -> None:
    await anna.sends("Blood.pdf")
    await anna.names_type("Medical")
    review = await anna.presses("Keep")
    before, toasts = len(await anna.shown()), len(await anna.toasts())
    for _ in range(3):
        await anna.person.presses(button, review.message_id)
    told = await anna.answer()
    assert word in told.text
    assert len([shown for shown in await anna.shown() if word in shown.text]) == 1
    assert "no longer open" not in str(await anna.shown())
    assert len(await anna.shown()) <= before + 1
    (first, second, third) = (await anna.toasts())[toasts:]
    assert "out of date" not in first
    assert second == third == "This button is out of date."
