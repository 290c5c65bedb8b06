"""Settings are shown, and a feed holds the open tasks until it is revoked."""

import pytest

from contracts.calendar import (
    AddTask,
    CalendarTasks,
    ChangeCalendarSettings,
    CreateFeed,
    DeadFeed,
    Feed,
    FeedAddress,
    FeedCreated,
    FinishTask,
    GetCalendarSettings,
    GetFeed,
    GetFeedAddress,
    ListCalendar,
    NoFeed,
    Repeat,
    RevokeFeed,
    TaskAdded,
    TaskId,
)
from contracts.people import QuietHours
from services.query.calendar import exporting
from tests.services.acting import SIGNER, Acting
from tests.services.storage.tasks import planner

DEADLINE = "2099-05-06T14:00"  # a Wednesday


async def named(person: Acting, title: str, deadline: str, repeat: Repeat | None = None) -> TaskId:
    outcome = await person.do(AddTask(title=title, deadline=deadline, repeat=repeat))
    assert isinstance(outcome, TaskAdded)
    return outcome.task_id


async def test_settings_are_those_of_people_and_of_the_calendar(somebody: Acting) -> None:
    nobody = await somebody.ask(GetCalendarSettings())
    assert (nobody.remind_before, nobody.digest_at) == ((1440, 720, 60), "")
    assert (nobody.language, nobody.time_zone, nobody.quiet_hours) == ("en", "UTC", None)
    night = QuietHours(begins="23:00", ends="07:00")
    person = await planner(somebody, quiet_hours=night)
    await person.do(ChangeCalendarSettings(remind_before=(30,), digest_at="08:30"))
    await person.do(CreateFeed())
    chosen = await person.ask(GetCalendarSettings())
    assert (chosen.remind_before, chosen.digest_at, chosen.has_feed) == ((30,), "08:30", True)
    assert (chosen.language, chosen.time_zone, chosen.quiet_hours) == ("ru", "Asia/Tokyo", night)


async def test_a_feed_holds_the_open_tasks_until_it_is_revoked(
    somebody: Acting, somebody_else: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EXPORTED_AT_ONCE", 2)
    person = await planner(somebody)
    monthly = await named(person, "Monthly", "2099-01-31T14:00", Repeat(every="month"))
    await person.do(FinishTask(task_id=monthly, occurrence="2099-01-31T14:00"))
    await person.do(FinishTask(task_id=monthly, occurrence="2099-03-31T14:00"))
    await named(person, "Once", DEADLINE)
    await named(person, "Twice", DEADLINE)
    done = await named(person, "Done", DEADLINE)
    await person.do(FinishTask(task_id=done, occurrence=DEADLINE))
    assert await person.ask(GetFeedAddress()) == NoFeed(possible=True)
    feed = await person.do(CreateFeed())
    assert isinstance(feed, FeedCreated)

    address = await person.ask(GetFeedAddress())
    assert isinstance(address, FeedAddress)
    token = address.url.rpartition("/")[2].removesuffix(".ics")
    assert SIGNER.read_feed(token) == feed.feed_id
    first = await somebody_else.ask(GetFeed(feed_id=feed.feed_id))
    assert isinstance(first, Feed)
    assert (first.person_id, first.language, first.more) == (person.person, "ru", True)
    task = first.tasks[0]
    assert (task.occurrence, task.day_of_month) == ("2099-02-28T14:00", 31)
    assert task.without == ("2099-03-31T14:00",)
    rest = await somebody_else.ask(GetFeed(feed_id=feed.feed_id, after=first.tasks[-1].task_id))
    assert isinstance(rest, Feed)
    assert ([each.title for each in rest.tasks], rest.more) == (["Twice"], False)
    own = await person.ask(ListCalendar())
    assert isinstance(own, CalendarTasks)
    assert (own.tasks, own.more) == (first.tasks, True)
    assert (await somebody_else.ask(ListCalendar())).tasks == ()

    await person.do(RevokeFeed())
    assert await somebody_else.ask(GetFeed(feed_id=feed.feed_id)) == DeadFeed()
    assert await person.ask(GetFeedAddress()) == NoFeed(possible=True)
