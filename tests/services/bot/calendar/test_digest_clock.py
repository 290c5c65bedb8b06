"""When the digest shall come, as people write it."""

import pytest

from services.bot.calendar.settings import read_clock


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8:30", ("08:30",)),
        ("8.30", ("08:30",)),
        ("8", ("08:00",)),
        ("at 7", ("07:00", "19:00")),
        ("9 pm", ("21:00",)),
        ("В 9 утра", ("09:00",)),
        ("полдень", ("12:00",)),
        ("midnight", ("00:00",)),
        ("morning", ()),
        ("25:00", ()),
        ("tomorrow 8:30", ()),
        ("", ()),
    ],
)
def test_a_time_of_the_day_is_read_or_asked_again(written: str, meant: tuple[str, ...]) -> None:
    assert read_clock(written) == meant
