"""What people are told when it does not go well."""

import inspect

from contracts.screens import Screen
from screens import errors
from screens.texts import texts

EN, RU = texts("en"), texts("ru")


def test_what_waits_is_accepted() -> None:
    assert "accepted" in errors.accepted(EN).text
    assert "Принято" in errors.accepted(RU).text


def test_a_mistake_of_ours_is_told_with_its_code() -> None:
    assert "3f9c1a" in errors.something_broke(EN, "3f9c1a").text


NO_FAILURES = {"accepted", "not_left_waiting", "slow_down"}
"""Nothing is wrong with us: there is nothing to look for."""


def test_every_failure_of_ours_is_told_with_its_code() -> None:
    values = {"say": RU, "code": "3f9c1a", "retry_action": "types:10"}
    failures = {
        name: inspect.signature(screen)
        for name, screen in inspect.getmembers(errors, inspect.isfunction)
        if screen.__module__ == errors.__name__
        and inspect.signature(screen).return_annotation is Screen
        and name not in NO_FAILURES
    }
    assert failures.keys() == {"something_broke", "overloaded", "cannot_look_up"}
    for name, signature in failures.items():
        screen = getattr(errors, name)(**{each: values[each] for each in signature.parameters})
        assert "<code>3f9c1a</code>" in screen.text, name


def test_a_failed_look_up_can_be_tried_again() -> None:
    screen = errors.cannot_look_up(EN, "types:10", "3f9c1a")
    assert screen.buttons[0][0].action == "types:10"


def test_warnings_are_in_both_languages() -> None:
    assert errors.slow_down(EN).text != errors.slow_down(RU).text
    assert errors.button_outdated(EN) != errors.button_outdated(RU)
