"""Every outcome of every command can be shown, or has a reason to be silent."""

import importlib
import pkgutil
from typing import Any

import pytest

import contracts
from contracts.base import Command, Event, app_of, name_of, outcomes_of
from contracts.people import PersonErased, PersonRemembered
from screens import SILENT, NoScreenError, screen_of
from screens.texts import texts


def commands() -> list[type[Command[Any]]]:
    apps = {f"contracts.{module.name}" for module in pkgutil.iter_modules(contracts.__path__)}
    for app in apps:
        importlib.import_module(app)
    # Tests and benchmarks have commands of their own.
    return [
        command
        for command in Command.__subclasses__()
        if ".".join(command.__module__.split(".")[:2]) in apps
    ]


OUTCOMES = sorted(
    {outcome for command in commands() for outcome in outcomes_of(command)}, key=name_of
)


class Unheard(Event, frozen=True, kw_only=True):
    """An event that nobody drew a screen for."""


@pytest.mark.parametrize("outcome", OUTCOMES, ids=name_of)
def test_every_outcome_has_a_screen_or_a_reason_for_silence(outcome: type[Event]) -> None:
    module = importlib.import_module(f"screens.{app_of(outcome)}")
    drawn = callable(getattr(module, name_of(outcome), None))
    assert drawn != (outcome in SILENT)


def test_only_outcomes_are_silent() -> None:
    assert set(SILENT) <= set(OUTCOMES)
    assert all(SILENT.values())


def test_a_silent_outcome_shows_nothing() -> None:
    seen = PersonRemembered(person_id=1, app="documents", new=True)
    assert screen_of(seen, texts("en")) is None


def test_an_outcome_is_found_by_its_name() -> None:
    screen = screen_of(PersonErased(person_id=1), texts("en"))
    assert screen is not None
    assert "forgotten" in screen.text


def test_a_missing_screen_is_said_clearly() -> None:
    Unheard.__module__ = "contracts.people"
    with pytest.raises(NoScreenError, match=r"screens/people\.py has no function unheard"):
        screen_of(Unheard(), texts("en"))
