"""Calendar: tasks with deadlines, what was done of them, whose they are, and feeds."""

from datetime import date, datetime
from typing import Any, Literal, cast, get_args, get_type_hints

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Select,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language, PersonId
from contracts.calendar import REMIND_BEFORE, RemindBefore, Repeat, TaskNote, TaskTitle
from contracts.calendar.occurrences import Series
from contracts.calendar.planning import Clock, Course
from contracts.people import QuietHours, TimeZoneName
from database import Session
from database.base import Base, length_within, one_of

UNKNOWN_ZONE = "UTC"
UNKNOWN_LANGUAGE: Language = "en"
Every = Literal["day", "weekday", "week", "month", "days"]
assert get_args(get_type_hints(Repeat)["every"]) == get_args(Every)

_Local = DateTime(timezone=False)
"""A local time, as its person's clock shows it."""


class Owner(Base):
    """What the calendar knows of a person: their clock, told by people, and their own settings.

    `language` and `time_zone` are NULL until they are told, `remind_before` until it is chosen.
    `settings_at` is when people changed them. `digest_on` is the last local day whose digest was
    dealt with.
    """

    __tablename__ = "calendar_owners"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language | None]
    time_zone: Mapped[str | None]
    quiet_begins: Mapped[str | None]
    quiet_ends: Mapped[str | None]
    settings_at: Mapped[datetime | None]
    remind_before: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    digest_at: Mapped[str] = mapped_column(server_default=text("''"), default="")
    digest_on: Mapped[date | None]

    __table_args__ = (
        one_of("language", Language),
        length_within("time_zone", TimeZoneName),
        CheckConstraint("num_nulls(quiet_begins, quiet_ends) IN (0, 2)", name="quiet_hours_whole"),
    )

    @property
    def zone(self) -> str:
        """The zone, where none is known UTC."""
        return self.time_zone or UNKNOWN_ZONE

    @property
    def says(self) -> Language:
        """The language, where none is known English."""
        return self.language or UNKNOWN_LANGUAGE

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The quiet hours, as messages have them."""
        if self.quiet_begins is None or self.quiet_ends is None:
            return None
        return QuietHours(begins=self.quiet_begins, ends=self.quiet_ends)

    @property
    def clock(self) -> Clock:
        """By what reminders are planned."""
        return Clock(self.zone, self.quiet_hours)

    @property
    def offsets(self) -> RemindBefore:
        """The reminders of tasks that have none of their own."""
        return REMIND_BEFORE if self.remind_before is None else tuple(self.remind_before)


class Task(Base):
    """A task, with that occurrence of it which is open.

    `anchor` is the local time from which a repeating task counts and `occurrence` that of the open
    occurrence by its rule; `deadline` is when it is due by the clock of `time_zone`, which differs
    where it was put off, and `due_at` the moment of that. `done_at` is of a task that does not
    repeat. `version` counts the changes that its person made.
    """

    __tablename__ = "calendar_tasks"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), default=1)
    time_zone: Mapped[str]
    anchor: Mapped[datetime] = mapped_column(_Local)
    occurrence: Mapped[datetime] = mapped_column(_Local)
    deadline: Mapped[datetime] = mapped_column(_Local)
    starts: Mapped[datetime | None] = mapped_column(_Local)
    due_at: Mapped[datetime]
    snoozed_until: Mapped[datetime | None]
    repeat_every: Mapped[str | None]
    repeat_days: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), server_default=text("'{}'"), default=list
    )
    repeat_interval: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    remind_before: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    # What search reads; the functions are made by migration 0001.
    search_text: Mapped[str] = mapped_column(
        Computed("calendar_search_text(title, note)", persisted=True), deferred=True
    )

    __table_args__ = (
        length_within("title", TaskTitle),
        length_within("note", TaskNote),
        length_within("time_zone", TimeZoneName),
        one_of("repeat_every", Every),
        UniqueConstraint("id", "person_id"),  # what done occurrences refer to
        Index(
            "ix_calendar_tasks_open",
            "person_id",
            "due_at",
            "id",
            postgresql_where=text("done_at IS NULL AND deleted_at IS NULL"),
        ),
        Index(None, "person_id", "id"),
    )

    @property
    def repeat(self) -> Repeat | None:
        """The rule, as messages have it."""
        if self.repeat_every is None:
            return None
        every = cast(Any, self.repeat_every)
        return Repeat(every=every, days=tuple(self.repeat_days), interval=self.repeat_interval)

    @repeat.setter
    def repeat(self, repeat: Repeat | None) -> None:
        self.repeat_every = repeat.every if repeat else None
        self.repeat_days = sorted(repeat.days) if repeat else []
        self.repeat_interval = repeat.interval if repeat else 0

    @property
    def series(self) -> Series | None:
        """The occurrences of a repeating task."""
        repeat = self.repeat
        return None if repeat is None else Series(repeat, self.anchor)

    def course(self, owner: Owner, done: frozenset[datetime] = frozenset()) -> Course:
        """Return what planning wants to know; `done` are later occurrences."""
        own = self.remind_before
        offsets = owner.offsets if own is None else tuple(own)
        return Course(self.occurrence, self.due_at, offsets, self.snoozed_until, self.series, done)


class Done(Base):
    """An occurrence that was done; one of a task that does not repeat is its only one."""

    __tablename__ = "calendar_done"

    task_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    occurrence: Mapped[datetime] = mapped_column(_Local, primary_key=True)
    person_id: Mapped[int]
    deadline: Mapped[datetime] = mapped_column(_Local)
    done_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        ForeignKeyConstraint(
            ["task_id", "person_id"], [Task.id, Task.person_id], ondelete="CASCADE"
        ),
        Index("ix_calendar_done_newest", "person_id", text("done_at DESC"), text("task_id DESC")),
    )


class Feed(Base):
    """What lets a calendar program read somebody's tasks; revoked, it is gone."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


OPEN = (Task.done_at.is_(None), Task.deleted_at.is_(None))
"""Of tasks that are neither done nor deleted."""


def due_before(
    person_id: PersonId | ColumnElement[int], moment: datetime | ColumnElement[datetime]
) -> Select[Task]:
    """Return the open tasks of a person that are due before a moment, in their order."""
    own = (Task.person_id == person_id, Task.due_at < moment, *OPEN)
    return select(Task).where(*own).order_by(Task.due_at, Task.id)


def done_later() -> ColumnElement[list[datetime]]:
    """Return the column of what is done of a task that repeats, after what is open of it."""
    later = select(Done.occurrence).where(
        Done.task_id == Task.id, Done.occurrence > Task.occurrence, Task.repeat_every.is_not(None)
    )
    return func.array(later.correlate(Task).scalar_subquery(), type_=ARRAY(_Local))


async def done_by_task(person_id: PersonId, db: Session) -> dict[int, frozenset[datetime]]:
    """Return what is done already of a person's repeating tasks, after what is open of them."""
    later = select(Done.task_id, Done.occurrence).join(Task, Task.id == Done.task_id)
    repeating = (Task.person_id == person_id, Task.repeat_every.is_not(None), *OPEN)
    found: dict[int, set[datetime]] = {}
    for row in await db.execute(later.where(*repeating, Done.occurrence > Task.occurrence)):
        found.setdefault(row.task_id, set()).add(row.occurrence)
    return {task_id: frozenset(occurrences) for task_id, occurrences in found.items()}
