"""Planned reminders are made due, and what became of each is read and judged."""

from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg
import msgspec

from contracts.calendar import RemindOfTask
from tests.faults.ledger import Deed, Ledger

# What is due is written down in the transaction that makes it so: nobody may hear of its commit.
_SETUP = """
CREATE TABLE IF NOT EXISTS fault_due (
    message_id text PRIMARY KEY, at timestamptz DEFAULT clock_timestamp(),
    person_id bigint, name text, task_id bigint, outdated boolean)
"""
_DUE = """
WITH due AS (
    UPDATE scheduled SET due_at = now()
    WHERE (key LIKE 'expiry:%:30' OR key LIKE 'task:%:60') AND due_at > now() + interval '1 hour'
    RETURNING key, split_part(key, ':', 1) AS what, split_part(key, ':', 2)::bigint AS id
)
INSERT INTO fault_due (message_id, person_id, name, task_id, outdated)
SELECT due.key || '@' || (extract(epoch FROM now()) * 1000000)::bigint,
    coalesce(document.person_id, task.person_id), coalesce(document.name, task.title), task.id,
    false
FROM due
LEFT JOIN documents AS document ON due.what = 'expiry' AND document.id = due.id
LEFT JOIN calendar_tasks AS task ON due.what = 'task' AND task.id = due.id
RETURNING message_id
"""
_FINISHED = """
SELECT id, person_id, title, to_char(occurrence, 'YYYY-MM-DD"T"HH24:MI') AS occurrence, due_at,
    now() AS now, 'task:' || id || ':720' AS key,
    'task:' || id || ':720@' || (extract(epoch FROM now()) * 1000000)::bigint AS message_id
FROM calendar_tasks AS task
WHERE done_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM fault_due WHERE task_id = task.id AND outdated)
LIMIT 3
"""
_SCHEDULE = """
INSERT INTO scheduled (key, due_at, command_subject, command, actor)
VALUES ($1, $2, 'command.calendar.remind_of_task', $3, $4)
"""
_OUTDATED = "INSERT INTO fault_due VALUES ($1, now(), $2, $3, $4, true)"
_READ = """
SELECT due.person_id, due.name, extract(epoch FROM due.at)::float AS at, due.outdated,
    coalesce(handled.outcome->>'subject', '') AS subject,
    coalesce(handled.outcome->'payload'->>'reason', '') AS reason,
    (task.done_at IS NOT NULL OR task.deleted_at IS NOT NULL) AS is_over,
    EXISTS (
        SELECT FROM fault_due AS later
        WHERE later.at > due.at
            AND split_part(later.message_id, '@', 1) = split_part(due.message_id, '@', 1)
    ) OR EXISTS (
        SELECT FROM scheduled
        WHERE key = split_part(due.message_id, '@', 1) AND due_at > now() + interval '1 hour'
    ) AS is_planned_anew
FROM fault_due AS due
LEFT JOIN handled ON handled.message_id = due.message_id
LEFT JOIN calendar_tasks AS task ON task.id = due.task_id
ORDER BY due.at
"""

TOLD = ("event.documents.expiry_near", "event.calendar.task_due")
SKIPPED = "event.calendar.task_reminder_skipped"
OVER = ("done", "no_such_task")
"""Why a reminder of a task that is over by now may be skipped."""


@dataclass(frozen=True)
class Due:
    """A reminder that was made due, and what storage said of it, nothing where that is empty.

    `outdated` ones were put there after their task was done, as if nobody had cancelled them;
    `is_over`: its task is done or deleted by now; `is_planned_anew`: before the clock came to it,
    its person became known, and it was planned for its own time again.
    """

    person: int
    name: str
    at: float
    subject: str
    reason: str = ""
    outdated: bool = False
    is_over: bool = False
    is_planned_anew: bool = False

    @property
    def is_told(self) -> bool:
        """Whether its person is to be told."""
        return self.subject in TOLD


async def watch_reminders(database: asyncpg.Connection) -> None:
    """Have what is made due written down from now on."""
    await database.execute(_SETUP)


async def make_due(database: asyncpg.Connection) -> int:
    """Let one reminder of every document and task that has none yet be due now; count them."""
    return len(await database.fetch(_DUE))


async def make_outdated_due(database: asyncpg.Connection) -> None:
    """Let reminders of some tasks that are done be due now: these must not come."""
    async with database.transaction():
        for row in await database.fetch(_FINISHED):
            command = RemindOfTask(
                task_id=row["id"],
                occurrence=row["occurrence"],
                minutes_before=720,
                planned_at=row["now"],
            )
            actor = f"{row['person_id']}@calendar"
            body = msgspec.json.encode(command).decode()
            await database.execute(_SCHEDULE, row["key"], row["now"], body, actor)
            said = (row["message_id"], row["person_id"], row["title"], row["id"])
            await database.execute(_OUTDATED, *said)


async def read_due(database: asyncpg.Connection) -> list[Due]:
    """Return all reminders of the run in the order in which they were due."""
    return [
        Due(
            person=row["person_id"],
            name=row["name"],
            at=row["at"],
            subject=row["subject"],
            reason=row["reason"],
            outdated=row["outdated"],
            is_over=row["is_over"],
            is_planned_anew=row["is_planned_anew"],
        )
        for row in await database.fetch(_READ)
    ]


def tellings(ledger: Ledger, dues: list[Due]) -> list[Deed]:
    """Return each reminder that had to come as a deed, with when its person saw it."""
    return [
        Deed(
            due.person,
            "reminder",
            due.name,
            (),
            at=due.at,
            ended_at=sorted(ledger.reminders.get((due.person, due.name), [])),
        )
        for due in dues
        if due.is_told
    ]


def judge_reminders(ledger: Ledger, dues: list[Due]) -> Iterator[str]:
    """Each reminder is told or skipped for a reason that holds; none comes that was not due."""
    told = {(due.person, due.name) for due in dues if due.is_told}
    for due in dues:
        about = f"the reminder of {due.name} for person {due.person}"
        if due.outdated:
            if due.subject and (due.subject, due.reason) != (SKIPPED, "done"):
                yield f"{about}, whose task is done: {due.subject} {due.reason}"
            elif not due.subject:
                yield f"{about}, whose task is done, was not handled"
        elif due.is_told:
            if not ledger.reminders.get((due.person, due.name)):
                yield f"{about} never came"
        elif due.is_planned_anew and not due.subject:
            continue
        elif not due.is_over:
            yield f"{about}: {due.subject or 'not handled'} {due.reason}"
        elif due.subject and due.reason not in OVER:
            yield f"{about} was skipped as {due.reason}"
    for person, name in ledger.reminders.keys() - told:
        yield f"a reminder of {name} came to person {person}, and none was due"


def counted(dues: list[Due]) -> dict[str, int]:
    """Return how many reminders there were, and how many were not told, by reason."""
    counts = {"due": len(dues)}
    for due in dues:
        if not due.is_told:
            reason = due.reason or ("planned anew" if due.is_planned_anew else "cancelled")
            counts[reason] = counts.get(reason, 0) + 1
    return counts
