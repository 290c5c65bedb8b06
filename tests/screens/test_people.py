"""What people see of their settings."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from contracts.people import (
    Category,
    OptOutsChanged,
    Person,
    QuietHours,
    SettingsChanged,
    SettingsRefused,
)
from screens import people, screen_of
from screens.forms import AgainButton, fingerprint
from screens.opting_out import OptOutButton
from screens.people import CategoryButton
from screens.texts import texts

ANNA = Person(
    person_id=1,
    known=True,
    language="en",
    time_zone="Europe/Moscow",
    roles=(),
    blocked=(),
    quiet_hours=QuietHours(begins="22:00", ends="07:30"),
)
NOW = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)
EN = texts("en")


def test_settings_show_the_clock_of_the_zone() -> None:
    screen = people.settings(ANNA, NOW, EN)
    assert "English" in screen.text
    assert "14:05" in screen.text
    assert "22:00–07:30" in screen.text


def test_a_zone_is_offered_with_its_clock() -> None:
    assert people.zone_choice("Asia/Tokyo", "Asia/Tokyo", NOW, EN) == "Asia/Tokyo · 20:05"


def test_a_changed_language_is_confirmed_in_the_new_one() -> None:
    event = SettingsChanged(person_id=1, language="ru", time_zone="Europe/Moscow")
    screen = screen_of(event, EN)
    assert screen is not None
    assert "Сохранено" in screen.text
    assert screen.buttons[1][0].text == "Часовой пояс"


def test_an_unknown_zone_leads_back_to_the_question() -> None:
    event = SettingsRefused(person_id=1, reason="unknown_time_zone", time_zone="Mars/<Phobos>")
    screen = people.settings_refused(event, EN)
    assert "Mars/&lt;Phobos&gt;" in screen.text
    again = AgainButton.unpack(screen.buttons[0][0].action)
    assert again == AgainButton(field="time_zone", sign=fingerprint("Mars/<Phobos>"))


def test_forgetting_is_asked_first() -> None:
    asked = people.settings(ANNA, NOW, EN).buttons[3][0]
    assert not people.EraseButton.unpack(asked.action).sure
    sure = people.confirm_erasure(EN).buttons[0][0]
    assert people.EraseButton.unpack(sure.action).sure


@pytest.mark.parametrize(
    ("opted_out", "said"),
    [
        ((), "Our bots may send you <b>offers</b>"),
        (("offers",), "None of our bots will send you <b>offers</b>"),
    ],
)
def test_a_changed_opt_out_can_be_taken_back(opted_out: tuple[Category, ...], said: str) -> None:
    event = OptOutsChanged(person_id=1, category="offers", opted_out=opted_out)
    screen = people.opt_outs_changed(event, EN)
    assert said in screen.text
    undo, toggle = screen.buttons[0][0], screen.buttons[2][0]
    assert (undo.text, toggle.text) == ("Undo", f"{'✗' if opted_out else '✓'} Offers")
    assert undo.action == toggle.action
    assert CategoryButton.unpack(undo.action) == CategoryButton(
        category="offers", out=not opted_out
    )


def test_every_category_has_a_way_out() -> None:
    buttons = [people.opt_out(category, EN) for category in get_args(Category)]
    assert [each.text for each in buttons] == ["No more news", "No more offers", "No more surveys"]
    assert [OptOutButton.unpack(each.action).category for each in buttons] == [*get_args(Category)]
