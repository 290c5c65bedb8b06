"""What shall happen later: commands to come, written in the transaction of what causes them."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from bus.envelope import is_id
from bus.trace_context import current_traceparent
from contracts.base import Command, subject_of
from database import Session
from database.scheduled import Scheduled


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
        if not is_id(key):
            raise ValueError(f"{key!r} cannot be part of a message's id")
        if due_at.utcoffset() is None:
            raise ValueError(f"{key} is due at {due_at}, which says no time zone")
        values = {
            "due_at": due_at,
            "command_subject": subject_of(type(command)),
            "command": msgspec.to_builtins(command),
            "actor": str(self._actor) if self._actor else None,
            "traceparent": current_traceparent(),
        }
        statement = insert(Scheduled).values(key=key, **values)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=[Scheduled.key], set_=values)
        )

    async def cancel(self, key: str) -> None:
        """Forget what is scheduled under `key`, if anything is."""
        await self._db.execute(delete(Scheduled).where(Scheduled.key == key))
