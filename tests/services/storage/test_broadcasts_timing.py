"""Mailings go out at a moment, at everybody's own time, and not at night."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from contracts.broadcasts import (
    CancelMailing,
    ChangeMailing,
    MailingCancelled,
    MailingChanged,
    MailingRefused,
    MailingScheduled,
    MailingStarted,
    RequestMailing,
    StartMailing,
    Timing,
)
from contracts.people import QuietHours, SettingsChanged
from database import broadcasts as tables
from tests.services.storage.mailings import TEXT, Mailer, audience, newcomers

# The clocks of Berlin leave out the hour after two on one morning, and show it twice on another.
GAP, TWICE = "2031-03-30", "2031-10-26"


async def due(mailer: Mailer) -> dict[int, datetime]:
    """Return when each recipient is to be written to."""
    recipient = tables.MailingRecipient
    rows = select(recipient.person_id, recipient.due_at).where(
        recipient.mailing_id == mailer.mailing_id
    )
    async with mailer.acting.databases.storage() as db:
        return {row.person_id: row.due_at for row in await db.execute(rows)}


@pytest.mark.parametrize("day", [GAP, TWICE])
async def test_everybody_gets_it_at_their_own_time(mailer: Mailer, day: str) -> None:
    kolkata, berlin, nowhere = people = newcomers(3)
    await mailer.meet(kolkata, zone="Asia/Kolkata")
    await mailer.meet(berlin, zone="Europe/Berlin")
    await mailer.meet(nowhere, zone="Nowhere/Unknown")
    list_id = await mailer.upload(*people)
    created = await mailer.draft(audience(list_id), timing=Timing(local=f"{day}T02:30"))
    start = StartMailing(mailing_id=mailer.mailing_id, version=created.version)
    scheduled = await mailer.acting.do(start)
    assert isinstance(scheduled, MailingScheduled)
    # When the first places of the earth have that time.
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert scheduled.begins_at == midnight - timedelta(hours=11, minutes=30)
    assert await mailer.comes_at() == scheduled.begins_at
    assert await mailer.go_on() == []
    assert (await mailer.look()).state == "scheduled"

    await mailer.change(begins_at=func.now())
    assert await mailer.go_on() == []
    of_kolkata = midnight - timedelta(hours=3)
    assert await due(mailer) == {
        kolkata: of_kolkata,
        # Summer time has begun an hour ago, or has just ended.
        berlin: midnight + timedelta(hours=1, minutes=30),
        nowhere: midnight + timedelta(hours=2, minutes=30),
    }
    assert await mailer.comes_at() == of_kolkata


async def test_who_has_quiet_hours_gets_it_when_they_end(mailer: Mailer) -> None:
    sleeper, awake, dozer = people = newcomers(3)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    ends = now + timedelta(hours=2)
    night = QuietHours(begins=f"{now - timedelta(hours=1):%H:%M}", ends=f"{ends:%H:%M}")
    await mailer.meet(sleeper, quiet=night)
    await mailer.meet(awake, dozer)
    list_id = await mailer.upload(*people)
    addressed = await mailer.start(audience(list_id), timing=Timing())
    assert [one.chat_id for one in addressed] == [awake, dozer]
    assert (await due(mailer))[sleeper] == ends

    # Nothing is on its way to who is asleep by the time it is their turn.
    await mailer.end([awake, dozer])
    assert await mailer.go_on() == []
    assert await mailer.comes_at() == ends
    settings = SettingsChanged(person_id=sleeper, language="en", time_zone="UTC", quiet_hours=night)
    await mailer.acting.hear(settings)
    await mailer.pretend(due_at=func.now())
    assert await mailer.go_on() == []
    assert (await due(mailer))[sleeper] == ends
    await mailer.acting.hear(SettingsChanged(person_id=sleeper, language="en", time_zone="UTC"))
    await mailer.pretend(due_at=func.now())
    assert [one.chat_id for one in await mailer.go_on()] == [sleeper]


async def test_a_scheduled_mailing_can_be_moved_and_started(mailer: Mailer) -> None:
    (reader,) = newcomers(1)
    await mailer.meet(reader, mailer.person)
    in_a_week = datetime.now(UTC) + timedelta(days=7)
    list_id = await mailer.upload(reader)
    whom = audience(list_id)
    scheduled = await mailer.acting.do(
        RequestMailing(content=TEXT, audience=whom, timing=Timing(at=in_a_week))
    )
    assert isinstance(scheduled, MailingScheduled)
    mailer.mailing_id = scheduled.mailing_id

    def moved(version: int, at: datetime) -> ChangeMailing:
        return ChangeMailing(mailing_id=mailer.mailing_id, version=version, timing=Timing(at=at))

    changed = await mailer.acting.do(moved(1, in_a_week + timedelta(days=1)))
    assert isinstance(changed, MailingChanged)
    assert (changed.state, changed.version) == ("scheduled", 2)
    assert await mailer.comes_at() == in_a_week + timedelta(days=1)
    for version, at, reason in (
        (1, in_a_week, "changed_meanwhile"),
        (2, in_a_week - timedelta(days=8), "time_passed"),
    ):
        refused = await mailer.acting.do(moved(version, at))
        assert isinstance(refused, MailingRefused)
        assert refused.reason == reason

    started = await mailer.acting.do(StartMailing(mailing_id=mailer.mailing_id, version=2))
    assert isinstance(started, MailingStarted)
    assert [one.chat_id for one in await mailer.go_on()] == [reader]
    # Its list was needed until then only.
    again = await mailer.acting.do(RequestMailing(content=TEXT, audience=whom))
    assert isinstance(again, MailingRefused)
    assert again.reason == "no_such_list"


async def test_a_scheduled_mailing_that_is_cancelled_never_comes(mailer: Mailer) -> None:
    (reader,) = newcomers(1)
    await mailer.meet(reader, mailer.person)
    whom = audience(await mailer.upload(reader))
    timing = Timing(at=datetime.now(UTC) + timedelta(days=7))
    request = RequestMailing(content=TEXT, audience=whom, timing=timing)
    scheduled = await mailer.acting.do(request)
    assert isinstance(scheduled, MailingScheduled)
    cancelled = await mailer.acting.do(CancelMailing(mailing_id=scheduled.mailing_id))
    assert isinstance(cancelled, MailingCancelled)
    mailer.mailing_id = cancelled.mailing_id
    assert await mailer.comes_at() is None


async def test_nobody_gets_what_comes_too_late(mailer: Mailer) -> None:
    people = newcomers(2)
    await mailer.know(people)
    local = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    until = datetime.now(UTC) + timedelta(hours=2)
    timing = Timing(local=local, not_after=until)
    assert await mailer.start_with(people, timing=timing) == []
    await mailer.change(timing={"local": local, "not_after": "2026-01-01T00:00:00Z"})
    await mailer.pretend(due_at=func.now())
    assert await mailer.go_on() == []
    assert await mailer.results() == {"too_late": 2}
    assert (await mailer.look()).state == "finished"


async def test_a_night_ends_by_the_clock_of_who_sleeps(mailer: Mailer) -> None:
    night, siesta, short = (time(22), time(7)), (time(13), time(15)), (time(23), time(2, 30))
    async with mailer.acting.databases.storage() as db:
        for at, (begins, ends), due_at in (
            ("2031-06-01T19:59Z", night, "2031-06-01T19:59Z"),
            ("2031-06-01T20:00Z", night, "2031-06-02T05:00Z"),
            ("2031-06-02T04:59Z", night, "2031-06-02T05:00Z"),
            ("2031-06-02T05:00Z", night, "2031-06-02T05:00Z"),
            ("2031-06-02T11:30Z", siesta, "2031-06-02T13:00Z"),
            # Nights on which clocks change are an hour shorter or longer.
            ("2031-03-29T22:00Z", night, "2031-03-30T05:00Z"),
            ("2031-10-25T21:00Z", night, "2031-10-26T06:00Z"),
            ("2031-03-30T00:30Z", short, "2031-03-30T01:30Z"),
        ):
            moments = [datetime.fromisoformat(moment) for moment in (at, due_at)]
            zone = "Europe/Berlin"
            asked = select(func.broadcast_due(moments[0], zone, begins, ends))
            assert await db.scalar(asked) == moments[1], (at, begins)
