"""What people see of their settings."""

from datetime import UTC, datetime

from contracts.people import SettingsChanged, SettingsRefused
from screens import people, screen_of
from screens.forms import AgainButton, fingerprint
from screens.texts import texts

NOW = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)
EN = texts("en")


def test_settings_show_the_clock_of_the_zone() -> None:
    screen = people.settings("en", "Europe/Moscow", NOW, EN)
    assert "English" in screen.text
    assert "14:05" in screen.text


def test_a_zone_is_offered_with_its_clock() -> None:
    assert people.zone_choice("Asia/Tokyo", NOW, EN) == "Asia/Tokyo · 20:05"


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
    asked = people.settings("en", "UTC", NOW, EN).buttons[2][0]
    assert not people.EraseButton.unpack(asked.action).sure
    sure = people.confirm_erasure(EN).buttons[0][0]
    assert people.EraseButton.unpack(sure.action).sure
