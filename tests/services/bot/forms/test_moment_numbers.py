"""Local times as the buttons of a form carry them, also in numbers that were made by hand."""

from datetime import date, datetime

import pytest

from contracts.screens import ACTION_LIMIT
from screens.forms import Place
from services.bot.forms import moment_numbers
from services.bot.forms.moment_numbers import Kind, days_of, last_minute, meaning, number

local = datetime.fromisoformat
LAST = local("2099-12-31T23:59")


@pytest.mark.parametrize(
    ("kind", "at"),
    [
        (Kind.MONTH, local("2026-11-01T00:00")),
        (Kind.DAY, local("2026-11-18T00:00")),
        (Kind.HOUR, local("2026-11-18T14:00")),
        (Kind.MINUTE, local("2026-11-18T14:35")),
        (Kind.MINUTE, LAST),
    ],
)
def test_a_number_means_what_it_was_made_of(kind: Kind, at: datetime) -> None:
    assert meaning(number(kind, at)) == (kind, at)


def test_two_days_are_one_number() -> None:
    days = date(2026, 11, 18), date(2099, 12, 31)
    view = moment_numbers.number_of_days(*days)
    assert meaning(view)[0] is Kind.DAYS
    assert days_of(view) == days


def test_a_number_made_by_hand_is_the_month_day_or_hour_that_it_lies_in() -> None:
    at = local("2026-11-18T14:35")
    assert meaning(number(Kind.MONTH, at)) == (Kind.MONTH, local("2026-11-01T00:00"))
    assert meaning(number(Kind.DAY, at)) == (Kind.DAY, local("2026-11-18T00:00"))
    assert meaning(number(Kind.HOUR, at)) == (Kind.HOUR, local("2026-11-18T14:00"))
    with pytest.raises(OverflowError):
        meaning(2**63 - 1)


def test_the_largest_fits_into_a_button() -> None:
    place = Place("broadcasts-1234567890-0c5f4a1e-12", 999)
    assert len(place.press("pick", number(Kind.MINUTE, LAST)).pack()) <= ACTION_LIMIT


@pytest.mark.parametrize(
    ("kind", "at", "last"),
    [
        (Kind.MONTH, "2026-11-01T00:00", "2026-11-30T23:59"),
        (Kind.MONTH, "2026-12-01T00:00", "2026-12-31T23:59"),
        (Kind.DAY, "2026-11-18T00:00", "2026-11-18T23:59"),
        (Kind.HOUR, "2026-11-18T14:00", "2026-11-18T14:59"),
        (Kind.MINUTE, "2026-11-18T14:35", "2026-11-18T14:35"),
    ],
)
def test_what_a_button_stands_for_has_passed_after_its_last_minute(
    kind: Kind, at: str, last: str
) -> None:
    assert last_minute(kind, local(at)) == local(last)
