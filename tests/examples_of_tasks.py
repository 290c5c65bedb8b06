"""One valid example of every message that changes tasks, with every field given."""

from datetime import UTC, date, datetime

from contracts.base import Message
from contracts.calendar import (
    AddTask,
    ChangeRepeat,
    ChangeStart,
    ChangeTaskNote,
    ChangeTaskReminders,
    DeleteTask,
    FinishTask,
    MoveTask,
    Plan,
    PlannedReminder,
    PurgeTask,
    RenameTask,
    ReopenTask,
    Repeat,
    RepeatChanged,
    RestoreTask,
    SnoozeTask,
    StartChanged,
    TaskAdded,
    TaskDeleted,
    TaskFinished,
    TaskMoved,
    TaskNoteChanged,
    TaskPurged,
    TaskRefused,
    TaskRemindersChanged,
    TaskRenamed,
    TaskReopened,
    TaskRestored,
    TaskSnoozed,
    TaskSpared,
)

PERSON = 1001
TITLE = "Позвонить маме"
NOTE = "Спросить про\nдачу"
STARTS, DEADLINE, NEXT = "2027-01-20T13:30", "2027-01-20T14:00", "2027-01-22T14:00"
DUE = datetime(2027, 1, 20, 11, tzinfo=UTC)
DAY = date(2027, 1, 20)
ZONE = "Europe/Moscow"
WEEKLY = Repeat(every="week", days=(2, 4))
EVERY_TEN_DAYS = Repeat(every="days", interval=10)
REMINDERS = (
    PlannedReminder(minutes_before=720, at="2027-01-20T08:00", hushed=True),
    PlannedReminder(minutes_before=60, at="2027-01-20T13:00"),
)
PLAN = Plan(reminders=REMINDERS, skipped=(1440,))

_CHANGES: tuple[Message, ...] = (
    AddTask(
        title=TITLE,
        deadline=DEADLINE,
        starts=STARTS,
        note=NOTE,
        repeat=WEEKLY,
        remind_before=(1440, 60),
        time_zone="Europe/Moscow",
    ),
    TaskAdded(
        person_id=PERSON,
        task_id=7,
        version=1,
        title=TITLE,
        occurrence=DEADLINE,
        deadline=DEADLINE,
        time_zone=ZONE,
        starts=STARTS,
        repeat=WEEKLY,
        plan=PLAN,
    ),
    TaskRefused(
        person_id=PERSON,
        reason="too_many_tasks",
        task_id=7,
        title=TITLE,
        deadline=DEADLINE,
        allowed=5000,
    ),
    RenameTask(task_id=7, version=3, title=TITLE),
    TaskRenamed(person_id=PERSON, task_id=7, version=4, title=TITLE),
    MoveTask(task_id=7, version=3, deadline=DEADLINE),
    TaskMoved(
        person_id=PERSON,
        task_id=7,
        version=4,
        title=TITLE,
        occurrence=DEADLINE,
        deadline=DEADLINE,
        starts=STARTS,
        plan=PLAN,
    ),
    ChangeStart(task_id=7, version=3, starts=STARTS),
    StartChanged(person_id=PERSON, task_id=7, version=4, title=TITLE, starts=STARTS),
    ChangeTaskNote(task_id=7, version=3, note=NOTE),
    TaskNoteChanged(person_id=PERSON, task_id=7, version=4, title=TITLE, note=NOTE),
    ChangeRepeat(task_id=7, version=3, repeat=EVERY_TEN_DAYS),
    RepeatChanged(
        person_id=PERSON,
        task_id=7,
        version=4,
        title=TITLE,
        repeat=EVERY_TEN_DAYS,
        occurrence=DEADLINE,
        deadline=DEADLINE,
        plan=PLAN,
    ),
    ChangeTaskReminders(task_id=7, version=3, remind_before=(720, 60)),
    TaskRemindersChanged(
        person_id=PERSON,
        task_id=7,
        version=4,
        title=TITLE,
        deadline=DEADLINE,
        remind_before=(720, 60),
        plan=PLAN,
    ),
)

_DOING: tuple[Message, ...] = (
    FinishTask(task_id=7, occurrence=DEADLINE),
    TaskFinished(
        person_id=PERSON,
        task_id=7,
        title=TITLE,
        occurrence=DEADLINE,
        next_occurrence=NEXT,
        next_deadline=NEXT,
        plan=PLAN,
    ),
    ReopenTask(task_id=7, occurrence=DEADLINE),
    TaskReopened(
        person_id=PERSON,
        task_id=7,
        title=TITLE,
        occurrence=DEADLINE,
        deadline=DEADLINE,
        plan=PLAN,
    ),
    SnoozeTask(task_id=7, occurrence=DEADLINE, minutes=10),
    TaskSnoozed(
        person_id=PERSON,
        task_id=7,
        title=TITLE,
        occurrence=DEADLINE,
        until="2027-01-20T14:10",
        deadline="2027-01-20T14:10",
        moved=True,
    ),
    DeleteTask(task_id=7, version=3),
    TaskDeleted(person_id=PERSON, task_id=7, title=TITLE),
    RestoreTask(task_id=7),
    TaskRestored(person_id=PERSON, task_id=7, title=TITLE, deadline=DEADLINE, plan=PLAN),
    PurgeTask(task_id=7),
    TaskPurged(person_id=PERSON, task_id=7),
    TaskSpared(person_id=PERSON, task_id=7),
)

TASKS = _CHANGES + _DOING
