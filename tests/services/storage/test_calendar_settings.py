"""Own reminders, the day's digest, and feeds."""

from datetime import UTC, date, datetime, timedelta

from contracts.calendar import (
    CalendarSettingsChanged,
    ChangeCalendarSettings,
    CreateFeed,
    DigestDue,
    DigestSkipped,
    FeedCreated,
    FeedRevoked,
    RevokeFeed,
    SendDigest,
)
from contracts.people import PersonErased
from database.calendar import Owner
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.tasks import add, clocks, local_in, planner, settings, turn_back

DEADLINE = "2099-05-06T14:00"
ZONE = "Asia/Tokyo"
HOUR = timedelta(hours=1)


async def next_digest(person: Acting) -> SendDigest | None:
    """Return what the clock will bring."""
    async with person.databases.storage() as db:
        row = await db.get(Scheduled, f"digest:{person.person}")
    if row is None:
        return None
    command = SendDigest(
        day=date.fromisoformat(row.command["day"]),
        planned_at=datetime.fromisoformat(row.command["planned_at"]),
    )
    assert row.due_at == command.planned_at
    return command


async def digest_at(person: Acting, clock: str) -> None:
    outcome = await person.do(ChangeCalendarSettings(digest_at=clock))
    assert isinstance(outcome, CalendarSettingsChanged)
    assert outcome.digest_at == clock


def clock_in(zone: str = ZONE, **later: float) -> str:
    return local_in(zone, **later)[11:]


def day_in(zone: str = ZONE, **later: float) -> date:
    return date.fromisoformat(local_in(zone, **later)[:10])


async def reason(person: Acting, command: SendDigest) -> str:
    outcome = await person.do(command)
    assert isinstance(outcome, DigestSkipped), outcome
    return outcome.reason


async def test_own_reminders_count_for_tasks_without_some_of_their_own(somebody: Acting) -> None:
    person = await planner(somebody)
    task_id = (await add(person, DEADLINE)).task_id
    other = (await add(person, DEADLINE, remind_before=(5,))).task_id

    outcome = await person.do(ChangeCalendarSettings(remind_before=(30, 60, 30)))

    assert outcome == CalendarSettingsChanged(
        person_id=person.person, remind_before=(60, 30), digest_at=""
    )
    assert await clocks(person, task_id) == {60: "2099-05-06T13:00", 30: "2099-05-06T13:30"}
    assert set(await clocks(person, other)) == {5}
    await person.do(ChangeCalendarSettings(remind_before=()))
    assert await clocks(person, task_id) == {}
    assert (await add(person, DEADLINE)).plan.reminders == ()


async def test_a_digest_tells_what_is_overdue_and_due_that_day(somebody: Acting) -> None:
    """Where it is late, too; and once."""
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    late = await add(person, local_in(zone, hours=1))
    await turn_back(person, late.task_id, days=1)
    due = await add(person, local_in(zone, hours=2))
    await add(person, local_in(zone, days=1))
    await digest_at(person, clock_in(zone, minutes=20))
    command = await next_digest(person)
    assert command
    assert command.day == day_in(zone)

    digest = await person.do(command)

    assert isinstance(digest, DigestDue)
    assert (digest.overdue, digest.due, digest.language, digest.time_zone) == (1, 1, "ru", zone)
    assert [(each.task_id, each.overdue) for each in digest.tasks] == [
        (late.task_id, True),
        (due.task_id, False),
    ]
    assert digest.not_after > datetime.now(UTC)
    following = await next_digest(person)
    assert following
    assert following.day == command.day + timedelta(days=1)
    assert await reason(person, command) == "told"
    assert await next_digest(person) == following


def zone_where_it_is_noon(*, past: int = 0) -> str:
    """Return a zone in which it is so many hours past noon: the day neither began nor ends soon."""
    offset = datetime.now(UTC).hour - 12 - past  # of Etc/GMT, whose signs are turned round
    return f"Etc/GMT{offset:+d}" if offset else "Etc/GMT"


async def test_a_day_without_tasks_has_no_digest(somebody: Acting) -> None:
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    await digest_at(person, clock_in(zone, minutes=20))
    command = await next_digest(person)
    assert command
    assert await reason(person, command) == "nothing"
    following = await next_digest(person)
    assert following
    assert following.day == command.day + timedelta(days=1)


async def test_after_downtime_the_digest_of_the_day_comes_and_that_of_a_past_day_does_not(
    somebody: Acting,
) -> None:
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    await add(person, local_in(zone, hours=1))
    await digest_at(person, clock_in(zone, hours=-2))
    tomorrow = await next_digest(person)
    assert tomorrow
    assert tomorrow.day == day_in(zone) + timedelta(days=1)
    async with person.databases.storage.begin() as db:
        (await db.get_one(Owner, person.person)).digest_on = None
    days = timedelta(days=2)
    yesterday = SendDigest(day=tomorrow.day - days, planned_at=tomorrow.planned_at - days)

    assert await reason(person, yesterday) == "day_over"

    late = await next_digest(person)
    assert late
    assert (late.day, late.planned_at) == (day_in(zone), tomorrow.planned_at - timedelta(days=1))
    digest = await person.do(late)
    assert isinstance(digest, DigestDue)
    assert await next_digest(person) == tomorrow


async def test_a_digest_follows_what_its_person_chooses(somebody: Acting) -> None:
    zone = zone_where_it_is_noon()
    person = await planner(somebody, zone)
    await add(person, local_in(zone, hours=1))
    await digest_at(person, clock_in(zone, hours=1))
    first = await next_digest(person)
    assert first
    await digest_at(person, clock_in(zone, hours=2))
    moved = await next_digest(person)
    assert moved
    assert (moved.day, moved.planned_at) == (first.day, first.planned_at + HOUR)
    assert await reason(person, first) == "moved"

    east = zone_where_it_is_noon(past=1)
    await person.hear(settings(somebody, east))
    followed = await next_digest(person)
    assert followed
    assert (followed.day, followed.planned_at) == (moved.day, moved.planned_at - HOUR)

    await digest_at(person, "")
    assert await next_digest(person) is None
    assert await reason(person, followed) == "off"


async def test_a_person_has_one_feed_whose_address_never_comes_back(
    somebody: Acting, somebody_else: Acting
) -> None:
    first = await somebody.do(CreateFeed())
    assert isinstance(first, FeedCreated)
    again = await somebody.do(CreateFeed())
    assert again == FeedCreated(person_id=somebody.person, feed_id=first.feed_id, new=False)
    other = await somebody_else.do(CreateFeed())
    assert isinstance(other, FeedCreated)
    for _ in range(2):
        assert await somebody.do(RevokeFeed()) == FeedRevoked(person_id=somebody.person)
    second = await somebody.do(CreateFeed())
    assert isinstance(second, FeedCreated)
    assert len({first.feed_id, second.feed_id, other.feed_id}) == 3


async def test_of_who_is_forgotten_no_digest_is_left(somebody: Acting) -> None:
    await digest_at(somebody, "08:00")
    await somebody.do(CreateFeed())
    command = await next_digest(somebody)
    assert command
    await somebody.hear(PersonErased(person_id=somebody.person))
    assert await next_digest(somebody) is None
    assert await reason(somebody, command) == "off"
    async with somebody.databases.storage() as db:
        assert await db.get(Owner, somebody.person) is None
