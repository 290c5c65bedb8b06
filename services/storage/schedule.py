"""What shall happen later: commands to come, written in the transaction of what causes them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from bus.envelope import is_id
from bus.trace_context import current_traceparent
from contracts.base import Command, subject_of
from database import Session
from database.scheduled import Scheduled

AT_ONCE = 1000
"""Rows of one statement: PostgreSQL takes no more than 32,767 parameters."""


class ToCome(NamedTuple):
    """A command to come, under the key by which it is moved or cancelled."""

    key: str
    due_at: datetime
    command: Command[Any]


class Schedule:
    """Schedules commands in a handler's transaction; its actor will act when they are due."""

    def __init__(self, db: Session, actor: Actor | None) -> None:
        self._db = db
        self._actor = actor

    async def __call__(self, key: str, due_at: datetime, command: Command[Any]) -> None:
        """Have `command` published at `due_at`; one key holds one command, the last given.

        Raises:
            ValueError: `due_at` has no time zone, or `key` is not made of letters, digits and
                `_:@=-`.
        """
        await self.all([ToCome(key, due_at, command)])

    async def all(self, commands: Iterable[ToCome]) -> None:
        """Have many commands published, each at its time; their keys differ.

        Raises:
            ValueError: as for one.
        """
        rows = [self._row(each) for each in commands]
        for start in range(0, len(rows), AT_ONCE):
            statement = insert(Scheduled).values(rows[start : start + AT_ONCE])
            changed = {
                name: statement.excluded[name] for name in rows[0] if name != Scheduled.key.name
            }
            await self._db.execute(
                statement.on_conflict_do_update(index_elements=[Scheduled.key], set_=changed)
            )

    async def cancel(self, *keys: str) -> None:
        """Forget what is scheduled under these keys, if anything is."""
        for start in range(0, len(keys), AT_ONCE):
            some = Scheduled.key.in_(keys[start : start + AT_ONCE])
            await self._db.execute(delete(Scheduled).where(some))

    async def due(self, keys: Collection[str]) -> dict[str, datetime]:
        """Return when what is scheduled under these keys is due, by key."""
        found: dict[str, datetime] = {}
        asked = list(keys)
        for start in range(0, len(asked), AT_ONCE):
            some = Scheduled.key.in_(asked[start : start + AT_ONCE])
            rows = await self._db.execute(select(Scheduled.key, Scheduled.due_at).where(some))
            found.update((row.key, row.due_at) for row in rows)
        return found

    def _row(self, come: ToCome) -> dict[str, Any]:
        if not is_id(come.key):
            raise ValueError(f"{come.key!r} cannot be part of a message's id")
        if come.due_at.utcoffset() is None:
            raise ValueError(f"{come.key} is due at {come.due_at}, which says no time zone")
        return {
            "key": come.key,
            "due_at": come.due_at,
            "command_subject": subject_of(type(come.command)),
            "command": msgspec.to_builtins(come.command),
            "actor": str(self._actor) if self._actor else None,
            "traceparent": current_traceparent(),
        }
