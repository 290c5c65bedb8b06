"""What people write for a moment, in both languages: understood, shown back, or not guessed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.bot.forms.written import Doubt, read_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 12, 0, 30, tzinfo=BERLIN)
"""A Wednesday."""


def told(text: str, now: datetime = NOW, day: date | None = None) -> str:
    """Return what a text means, as `doubt: times; days`, short enough for a table."""
    reading = read_moment(text, now, day)
    if reading is None:
        return "?"
    times = " ".join(f"{moment:%d.%m.%y/%H:%M}" for moment in reading.moments)
    days = " ".join(f"{day:%d.%m.%y}" for day in reading.days)
    doubt = f"{reading.doubt}:" if reading.doubt else ""
    return " ".join(part for part in (doubt, times, days) if part)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 14:00", "19.11.26/14:00"),
        ("Tomorrow, 14:00!", "19.11.26/14:00"),
        ("tomorrow at 2pm", "19.11.26/14:00"),
        ("tomorrow at 2 p.m.", "19.11.26/14:00"),
        ("at nine tomorrow", "19.11.26/09:00"),
        ("noon tomorrow", "19.11.26/12:00"),
        ("12 am tomorrow", "19.11.26/00:00"),
        ("14:00", "18.11.26/14:00"),
        ("14.30", "18.11.26/14:30"),
        ("9pm", "18.11.26/21:00"),
        ("by 6pm", "18.11.26/18:00"),
        ("tonight at 8", "18.11.26/20:00"),
        ("00:00", "19.11.26/00:00"),
        ("24:00", "19.11.26/00:00"),
        ("midnight", "19.11.26/00:00"),
        ("in 2 hours", "18.11.26/14:00"),
        ("through 2 hours", "18.11.26/14:00"),
        ("in two hours", "18.11.26/14:00"),
        ("in an hour", "18.11.26/13:00"),
        ("in half an hour", "18.11.26/12:30"),
        ("in an hour and a half", "18.11.26/13:30"),
        ("in 1h 30m", "18.11.26/13:30"),
        ("2h30m", "18.11.26/14:30"),
        ("in a couple of hours", "18.11.26/14:00"),
        ("in 1 day 2 hours", "19.11.26/14:00"),
        ("in 3 days at 10", "21.11.26/10:00"),
        ("next monday at 9", "23.11.26/09:00"),
        ("monday next week 10:00", "23.11.26/10:00"),
        ("on friday at 9am", "20.11.26/09:00"),
        ("due friday 18:00", "20.11.26/18:00"),
        ("this friday at 18:00", "20.11.26/18:00"),
        ("next wednesday 9:00", "25.11.26/09:00"),
        ("the day after tomorrow at 9", "20.11.26/09:00"),
        ("25.12 18:30", "25.12.26/18:30"),
        ("25.12 18.30", "25.12.26/18:30"),
        ("03.04 12:00", "03.04.27/12:00"),
        ("18.11 13:00", "18.11.26/13:00"),
        ("17.11 13:00", "17.11.27/13:00"),
        ("25/12 9:00", "25.12.26/09:00"),
        ("31.12.2027 10:00", "31.12.27/10:00"),
        ("31.12.27 10:00", "31.12.27/10:00"),
        ("2027-12-31T10:00", "31.12.27/10:00"),
        ("dec 25 at 18:30", "25.12.26/18:30"),
        ("on the 1st of may at noon", "01.05.27/12:00"),
        ("the 15th at 10am", "15.12.26/10:00"),
        ("29 february 10:00", "29.02.28/10:00"),
        ("Fri 20 Nov 18:00", "20.11.26/18:00"),
        ("in a week on wednesday 10:00", "25.11.26/10:00"),
        ("в среду через неделю в 10:00", "25.11.26/10:00"),
        ("через неделю в пятницу в 10:00", "27.11.26/10:00"),
        ("через неделю во вторник в 10:00", "several: 24.11.26/10:00 01.12.26/10:00"),
        ("завтра в 14:00", "19.11.26/14:00"),
        ("завтра в 14", "19.11.26/14:00"),
        ("завтра в 14.30", "19.11.26/14:30"),
        ("завтра 9ч", "19.11.26/09:00"),
        ("завтра в 9 утра", "19.11.26/09:00"),
        ("завтра в 7 вечера", "19.11.26/19:00"),
        ("завтра вечером в восемь", "19.11.26/20:00"),
        ("завтра в 3 часа ночи", "19.11.26/03:00"),
        ("завтра в полдень", "19.11.26/12:00"),
        ("сегодня в 12 ночи", "19.11.26/00:00"),
        ("в 2 часа дня", "18.11.26/14:00"),
        ("в час дня", "18.11.26/13:00"),
        ("послезавтра в 10:30", "20.11.26/10:30"),
        ("через 2 часа", "18.11.26/14:00"),
        ("через два часа", "18.11.26/14:00"),
        ("через час", "18.11.26/13:00"),
        ("через полчаса", "18.11.26/12:30"),
        ("через полтора часа", "18.11.26/13:30"),
        ("через 1,5 часа", "18.11.26/13:30"),
        ("через пару часов", "18.11.26/14:00"),
        ("через 2 дня в 7 вечера", "20.11.26/19:00"),
        ("в пятницу в 9", "20.11.26/09:00"),
        ("в пятницу в 9:00", "20.11.26/09:00"),
        ("до пятницы 18:00", "20.11.26/18:00"),
        ("во вторник в 12:30", "24.11.26/12:30"),
        ("чт 9:00", "19.11.26/09:00"),
        ("пт, 20 ноября, 18:00", "20.11.26/18:00"),
        ("в следующий понедельник в 9", "23.11.26/09:00"),
        ("в понедельник на следующей неделе в 10", "23.11.26/10:00"),
        ("25 декабря в 18:30", "25.12.26/18:30"),
        ("1 января 2027 года в 00:00", "01.01.27/00:00"),
        ("15 числа в 10:00", "15.12.26/10:00"),
        ("15-го в 10:00", "15.12.26/10:00"),
    ],
)
def test_a_moment_is_understood(text: str, meant: str) -> None:
    assert told(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5", "several: 18.11.26/17:00 19.11.26/05:00"),
        ("at 7", "several: 18.11.26/19:00 19.11.26/07:00"),
        ("в 7", "several: 18.11.26/19:00 19.11.26/07:00"),
        ("half past five", "several: 18.11.26/17:30 19.11.26/05:30"),
        ("завтра в половине шестого", "several: 19.11.26/05:30 19.11.26/17:30"),
        ("завтра в 7", "several: 19.11.26/07:00 19.11.26/19:00"),
        ("tomorrow midnight", "several: 19.11.26/00:00 20.11.26/00:00"),
        ("next friday 9:00", "several: 20.11.26/09:00 27.11.26/09:00"),
        ("Wednesday 18:00", "several: 18.11.26/18:00 25.11.26/18:00"),
        ("3/4 12:00", "several: 04.03.27/12:00 03.04.27/12:00"),
        ("14 часов", "several: 18.11.26/14:00 19.11.26/02:00"),
        ("tonight", "vague: 18.11.26/19:00 18.11.26/20:00 18.11.26/21:00 18.11.26/22:00"),
        ("tomorrow morning", "vague: 19.11.26/08:00 19.11.26/09:00 19.11.26/10:00"),
        ("завтра утром", "vague: 19.11.26/08:00 19.11.26/09:00 19.11.26/10:00"),
        ("9:00", "over: 18.11.26/21:00 19.11.26/09:00"),
        ("9am", "over: 19.11.26/09:00"),
        ("today 9:00", "over: 19.11.26/09:00"),
        ("среда 9:00", "over: 25.11.26/09:00"),
        ("yesterday 10:00", "over:"),
        ("25.12.2020 10:00", "over:"),
        ("in 0 minutes", "over:"),
        ("31.12.2100 10:00", "too_far:"),
        ("in 99999 days", "too_far:"),
        ("tomorrow", "no_time: 19.11.26"),
        ("in a week", "no_time: 25.11.26"),
        ("next week", "no_time: 25.11.26"),
        ("03.04", "no_time: 03.04.27"),
        ("послезавтра", "no_time: 20.11.26"),
        ("через неделю", "no_time: 25.11.26"),
        ("к среде", "no_time: 18.11.26 25.11.26"),
        ("wednesday", "no_time: 18.11.26 25.11.26"),
    ],
)
def test_what_is_not_certain_is_shown_back(text: str, meant: str) -> None:
    assert told(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "call mom",
        "купить 5 яблок",
        "some day",
        "may",
        "2027",
        "25",
        "25:00",
        "14:60",
        "21pm",
        "30.02 10:00",
        "31 feb 2027",
        "29 feb 2027 10:00",
        "fri 21 nov 18:00",
        "5 minutes ago",
        "in 2 hours or so",
        "через 3 рабочих дня",
        "tomorrow 14:00 " * 20,
        "²³ dec 10:00",
        "in 99999999 years",
    ],
)
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    assert told(text) == "?"


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        # The clocks of Berlin go forward at 2:00 on 28 March 2027, and back at 3:00 on 31 October.
        ("28.03.2027 02:30", NOW, "no_such_time: 28.03.27/01:30 28.03.27/03:30"),
        ("28.03.2027 03:00", NOW, "28.03.27/03:00"),
        ("31.10.2027 02:30", NOW, "31.10.27/02:30"),
        ("in 2 hours", datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN), "28.03.27/04:30"),
        ("in 24 hours", datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN), "28.03.27/13:00"),
        ("in 1 day at 12:00", datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN), "28.03.27/12:00"),
        ("in 2 hours", datetime(2027, 10, 31, 1, 30, tzinfo=BERLIN), "31.10.27/02:30"),
        ("2am", datetime(2027, 10, 31, 2, 50, tzinfo=BERLIN), "over: 01.11.27/02:00"),
    ],
)
def test_clocks_that_change_are_kept_to(text: str, now: datetime, meant: str) -> None:
    assert told(text, now) == meant


def test_the_same_words_mean_another_moment_elsewhere() -> None:
    at = datetime(2026, 11, 18, 22, 0, tzinfo=UTC)
    assert told("tomorrow 9:00", at.astimezone(BERLIN)) == "19.11.26/09:00"
    assert told("tomorrow 9:00", at.astimezone(ZoneInfo("Asia/Tokyo"))) == "20.11.26/09:00"
    assert told("in 1 hour", at.astimezone(ZoneInfo("Asia/Kolkata"))) == "19.11.26/04:30"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("19:00", "24.11.26/19:00"),
        ("в 9:00", "24.11.26/09:00"),
        ("at 7", "several: 24.11.26/07:00 24.11.26/19:00"),
        ("friday 9:30", "20.11.26/09:30"),
        ("in 2 hours", "18.11.26/14:00"),
        ("friday", "no_time: 20.11.26"),
        ("some time", "?"),
    ],
)
def test_a_time_alone_is_on_the_day_whose_times_are_shown(text: str, meant: str) -> None:
    assert told(text, day=date(2026, 11, 24)) == meant


def test_every_doubt_has_an_example_here() -> None:
    known: set[Doubt] = {"several", "vague", "no_time", "over", "no_such_time", "too_far"}
    texts = ("5", "tonight", "tomorrow", "9:00", "28.03.2027 02:30", "31.12.2100 10:00")
    assert {told(text).partition(":")[0] for text in texts} == known
