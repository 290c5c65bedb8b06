"""People with a calendar, and tasks in it whose times suit a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import asyncpg

from tests.bus.waiting import eventually
from tests.chat import Chat, Shown

_KEEP = """
INSERT INTO calendar_tasks (person_id, title, time_zone, anchor, occurrence, deadline, due_at)
SELECT $1, $2, $3::text, at, at, at, at AT TIME ZONE $3::text FROM (SELECT $4::timestamp AS at) AS a
"""
_PUT_FORWARD = """
UPDATE calendar_tasks SET deadline = deadline - $2::interval, due_at = due_at - $2::interval
WHERE person_id = $1
"""


def in_calendar(person: Chat) -> Chat:
    """Return the person's chat with the calendar bot."""
    return replace(person, app="calendar")


def labels(shown: Shown) -> list[str]:
    """Return what is written on the buttons of a message."""
    return [button["text"] for row in shown["buttons"] for button in row]


@cache
def noon_zone() -> str:
    """Return a zone where it was about noon at first: no day ends there while tests run."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+}" if ahead else "Etc/GMT"


async def at_noon(person: Chat, database: asyncpg.Connection) -> datetime:
    """Have the calendar count by a zone where it is about noon; returns what its clocks show."""
    zone = noon_zone()
    await until_known(person, database)
    moved = "UPDATE calendar_owners SET time_zone = $2 WHERE person_id = $1"
    await database.execute(moved, person.person_id, zone)
    clock: datetime = await database.fetchval("SELECT now() AT TIME ZONE $1", zone)
    return clock.replace(second=0, microsecond=0)


async def until_known(person: Chat, database: asyncpg.Connection) -> None:
    """Wait until the calendar knows who wrote for the first time: it hears that a moment later."""

    async def is_known() -> bool:
        known = "SELECT true FROM calendar_owners WHERE person_id = $1 AND time_zone IS NOT NULL"
        return bool(await database.fetchval(known, person.person_id))

    await eventually(is_known)


async def keep(person: Chat, database: asyncpg.Connection, tasks: dict[str, datetime]) -> None:
    """Put tasks into the database by title and local deadline; nothing reminds of them."""
    for title, deadline in tasks.items():
        await database.execute(_KEEP, person.person_id, title, noon_zone(), deadline)


async def put_forward(person: Chat, database: asyncpg.Connection, by: timedelta) -> None:
    """Have everything be due so much earlier, as if that much time had passed."""
    await database.execute(_PUT_FORWARD, person.person_id, by)
