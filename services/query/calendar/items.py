"""Tasks and their occurrences as lists show them."""

from datetime import datetime

from sqlalchemy import DateTime, bindparam

from contracts.base import Page
from contracts.calendar import TaskItem, TaskPage
from contracts.calendar.agenda import Entry, entries
from contracts.calendar.local_times import say_local
from database.calendar import Done, Task, done_later, due_before
from database.reading import PERSON, Question, Reader
from database.rows import columns_of, read_as
from services.query.calendar.now import Here

Listed = tuple[Task, Entry]

DUE = Question(
    due_before(PERSON, bindparam("until", type_=DateTime(timezone=True))).with_only_columns(
        *columns_of(Task), done_later().label("later")
    )
)
"""The open tasks that are due by then, each with what is done already of what comes after."""


async def agenda(
    here: Here, until: datetime, db: Reader, since: datetime | None = None
) -> list[Listed]:
    """Return what the acting person has to do until a moment, what is due first at first.

    With `since` further occurrences of what repeats are those from then on.
    """
    rows = await db.rows(DUE, person=here.owner.person_id, until=until)
    tasks = [(read_as(Task, row), row["later"]) for row in rows]
    found = [
        (task, entry)
        for task, later in tasks
        for entry in entries(
            task.course(here.owner, frozenset(later)), here.owner.zone, here.moment, until, since
        )
    ]
    return sorted(found, key=lambda each: (each[1].due_at, each[0].id))


def page_of(found: list[Listed], page: Page, here: Here, *, more: bool = False) -> TaskPage:
    """Return a page of open occurrences."""
    shown = found[page.offset :][: page.limit]
    return TaskPage(
        tasks=tuple(item(task, entry, here) for task, entry in shown),
        total=len(found),
        overdue=sum(entry.due_at <= here.moment for _, entry in found),
        today=here.today,
        now=here.clock,
        time_zone=here.owner.zone,
        more=more,
    )


def opened(task: Task) -> Entry:
    """Return the occurrence of a task that is open."""
    return Entry(task.occurrence, task.due_at)


def item(task: Task, entry: Entry, here: Here, done: Done | None = None) -> TaskItem:
    """Return an occurrence as a list shows it, with when it was done."""
    deadline = done.deadline if done else here.local_of(entry.due_at)
    is_open = entry.occurrence == task.occurrence and not done
    snoozed = task.snoozed_until if is_open else None
    return TaskItem(
        task_id=task.id,
        occurrence=say_local(entry.occurrence),
        title=task.title,
        deadline=say_local(deadline),
        day=deadline.date(),
        overdue=not done and entry.due_at <= here.moment,
        repeats=task.repeat_every is not None,
        has_note=bool(task.note),
        starts=starts(task, deadline),
        snoozed_until=say_local(here.local_of(snoozed))
        if snoozed and snoozed > here.moment
        else None,
        done_at=say_local(here.local_of(done.done_at)) if done else None,
    )


def starts(task: Task, deadline: datetime) -> str | None:
    """Return when an occurrence starts: as long before its deadline as the open one."""
    return say_local(deadline - (task.deadline - task.starts)) if task.starts else None
