"""What people are told when it does not go well."""

from screens import errors
from screens.texts import texts

EN, RU = texts("en"), texts("ru")


def test_what_waits_is_accepted() -> None:
    assert "accepted" in errors.accepted(EN).text
    assert "Принято" in errors.accepted(RU).text


def test_a_mistake_of_ours_is_told_with_its_code() -> None:
    assert "3f9c1a" in errors.something_broke(EN, "3f9c1a").text


def test_a_failed_look_up_can_be_tried_again() -> None:
    screen = errors.cannot_look_up(EN, "types:10")
    assert screen.buttons[0][0].action == "types:10"


def test_warnings_are_in_both_languages() -> None:
    assert errors.slow_down(EN).text != errors.slow_down(RU).text
    assert errors.button_outdated(EN) != errors.button_outdated(RU)
