"""Days as people write them: a few forms that cannot be mistaken, and no others."""

from datetime import date

import pytest

from services.bot.documents.expiring import in_a_year
from services.bot.forms.dates import read_day

NEW_YEARS_EVE = date(2027, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31.12.2027",
        " 31.12.2027 ",
        "2027-12-31",
        "31 dec 2027",
        "31 Dec. 2027",
        "31 DECEMBER 2027",
        "December 31, 2027",
        "Dec 31 2027",
        "31 дек 2027",
        "31 дек. 2027",
        "31 декабря 2027",
        "31  Декабрь 2027",
    ],
)
def test_a_day_is_read_in_any_of_the_forms(text: str) -> None:
    assert read_day(text) == NEW_YEARS_EVE


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 мая 2027", 5),
        ("1 май 2027", 5),
        ("1 мар 2027", 3),
        ("1 sept 2027", 9),
        ("1 июн 2027", 6),
    ],
)
def test_a_month_is_known_by_its_beginning(text: str, month: int) -> None:
    assert read_day(text) == date(2027, month, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "31.02.2027",
        "0.1.2027",
        "31.12.0000",
        "31.12.27",
        "12/31/2027",
        "2027-13-01",
        "31 de 2027",
        "1 ию 2027",
        "1 foo 2027",
        "31.12.2027 at noon",
        "٣١.١٢.٢٠٢٧",
        "²³ dec 2027",
    ],
)
def test_what_is_no_day_or_may_be_another_one_is_not_guessed(text: str) -> None:
    assert read_day(text) is None


def test_a_leap_day_has_its_anniversary_a_day_earlier() -> None:
    assert in_a_year(date(2028, 2, 29)) == date(2029, 2, 28)
    assert in_a_year(date(2027, 2, 28)) == date(2028, 2, 28)
