"""Local times, occurrences and reminders to come: tables of cases, and what always holds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar import Repeat
from contracts.calendar.local_times import (
    at_clock,
    end_of_quiet,
    local_of,
    moment_of,
    read_local,
    say_local,
    up_to_minute,
)
from contracts.calendar.occurrences import Series
from contracts.people import QuietHours
from tests.contracts.calendar_courses import utc

NIGHT = QuietHours(begins="22:00", ends="08:00")
MIDDAY = QuietHours(begins="12:00", ends="14:00")
ZONES = st.sampled_from(sorted(available_timezones()))
MINUTES = st.datetimes(read_local("2000-01-02T00:00"), read_local("2098-12-30T00:00")).map(
    lambda each: each.replace(second=0, microsecond=0, fold=0)
)
REPEATS = st.one_of(
    st.sampled_from([Repeat(every="day"), Repeat(every="weekday"), Repeat(every="month")]),
    st.integers(1, 366).map(lambda days: Repeat(every="days", interval=days)),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: Repeat(every="week", days=tuple(days))),
)


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2026-03-28T14:00", "Europe/Berlin", "2026-03-28T13:00"),
        # Clocks are put forward at 02:00: 02:30 is not there, and is 03:30.
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30"),
        ("2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30"),
        # Clocks are put back at 03:00: of two times 02:30 the first counts.
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30"),
        ("2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:30"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30"),
        # Half an hour is left out there.
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),
        # Midnight is left out there.
        ("2026-04-24T00:00", "Africa/Cairo", "2026-04-23T22:00"),
        ("2026-07-01T12:00", "Asia/Kolkata", "2026-07-01T06:30"),
        ("2026-07-01T12:00", "UTC", "2026-07-01T12:00"),
    ],
)
def test_a_local_time_is_a_moment_also_on_days_when_clocks_are_changed(
    local: str, zone: str, moment: str
) -> None:
    assert moment_of(read_local(local), zone) == utc(moment)


@given(MINUTES, ZONES)
def test_what_a_clock_shows_is_never_earlier_than_what_was_asked_for(
    local: datetime, zone: str
) -> None:
    """Later only in an hour that is left out; and a clock that is read back is the same moment."""
    moment = moment_of(local, zone)
    shown = local_of(moment, zone)
    assert local <= shown <= local + timedelta(days=1)
    assert moment_of(shown, zone) == moment
    assert read_local(say_local(shown)) == shown.replace(second=0)


@pytest.mark.parametrize(
    ("repeat", "anchor", "coming"),
    [
        (Repeat(every="day"), "2026-10-24T09:00", ["10-24", "10-25", "10-26"]),
        (Repeat(every="weekday"), "2026-11-20T09:00", ["11-20", "11-23", "11-24"]),
        (Repeat(every="weekday"), "2026-11-21T09:00", ["11-23", "11-24", "11-25"]),
        (Repeat(every="week", days=(2, 0)), "2026-11-21T09:00", ["11-23", "11-25", "11-30"]),
        (Repeat(every="days", interval=10), "2026-12-12T09:00", ["12-12", "12-22", "01-01"]),
        (Repeat(every="month"), "2026-01-31T09:00", ["01-31", "02-28", "03-31", "04-30"]),
        (Repeat(every="month"), "2027-12-30T09:00", ["12-30", "01-30", "02-29", "03-30"]),
    ],
)
def test_a_series_goes_on_by_its_rule(repeat: Repeat, anchor: str, coming: list[str]) -> None:
    series = Series(repeat, read_local(anchor))
    found = [series.first()]
    for _ in coming[1:]:
        following = series.next_after(found[-1])
        assert following is not None
        found.append(following)
    assert [f"{each:%m-%d}" for each in found] == coming
    assert all(each.time() == read_local(anchor).time() for each in found)


@given(REPEATS, MINUTES, MINUTES)
def test_an_occurrence_comes_after_and_none_is_left_out(
    repeat: Repeat, anchor: datetime, after: datetime
) -> None:
    series = Series(repeat, anchor)
    following = series.next_after(after)
    if following is None:
        assert after.year >= 2098
        return
    assert following > after
    assert following >= anchor
    assert series.has(following)
    # From any minute in between it is the same that follows.
    start = max(after, anchor - timedelta(minutes=1))
    assert series.next_after(start + (following - start) / 2) == following
    gap = series.gap_before(following)
    if gap is None:
        assert following == series.first()
    else:
        assert series.next_after(following - gap) == following
        assert series.has(following - gap)


def test_a_series_ends_with_the_calendar() -> None:
    series = Series(Repeat(every="day"), read_local("2099-12-31T09:00"))
    assert series.first() == read_local("2099-12-31T09:00")
    assert series.next_after(series.first()) is None


@pytest.mark.parametrize(
    ("quiet", "local", "ends"),
    [
        (NIGHT, "2026-11-21T21:59", None),
        (NIGHT, "2026-11-21T22:00", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T00:30", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T07:59", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T08:00", None),
        (MIDDAY, "2026-11-22T13:00", "2026-11-22T14:00"),
        (MIDDAY, "2026-11-22T14:00", None),
        # The night is an hour longer, and shorter.
        (NIGHT, "2026-10-24T23:00", "2026-10-25T08:00"),
        (NIGHT, "2026-03-28T23:00", "2026-03-29T08:00"),
        (None, "2026-11-22T00:30", None),
    ],
)
def test_quiet_hours_end_by_the_clock(
    quiet: QuietHours | None, local: str, ends: str | None
) -> None:
    found = end_of_quiet(moment_of(read_local(local), "Europe/Berlin"), quiet, "Europe/Berlin")
    assert found == (moment_of(read_local(ends), "Europe/Berlin") if ends else None)


def test_minutes_are_whole() -> None:
    moment = utc("2026-11-21T13:00")
    assert up_to_minute(moment) == moment
    assert up_to_minute(moment + timedelta(microseconds=1)) == moment + timedelta(minutes=1)
    assert at_clock(date(2026, 3, 29), "02:30", "Europe/Berlin") == utc("2026-03-29T01:30")


@given(MINUTES, ZONES, st.times(), st.times())
def test_quiet_hours_never_end_before_what_they_put_off(
    minute: datetime, zone: str, begins: time, ends: time
) -> None:
    """Also where clocks show the end twice, or not at all."""
    quiet = QuietHours(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
    for moment in (minute.replace(tzinfo=UTC), utc("2027-10-31T01:15")):
        end = end_of_quiet(moment, quiet, zone)
        assert end is None or end > moment


def test_quiet_hours_end_when_clocks_show_their_end_again() -> None:
    quiet = QuietHours(begins="01:00", ends="02:30")
    for asked, ends in (("00:15", "00:30"), ("01:15", "01:30")):
        moment = utc(f"2027-10-31T{asked}")
        assert end_of_quiet(moment, quiet, "Europe/Berlin") == utc(f"2027-10-31T{ends}")
