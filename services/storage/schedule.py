"""What shall happen later: commands to come, written in the transaction of what causes them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ARRAY, Text, bindparam, delete, func, select

from bus import Actor, Asked
from bus.envelope import is_id
from bus.trace_context import current_traceparent
from contracts.base import Command, subject_of
from database import Session
from database.base import table_of
from database.scheduled import Scheduled
from services.storage.columns import columns_of, insert_given

AT_ONCE = 1000
"""Rows of one statement: PostgreSQL takes no more than 32,767 parameters."""


_SCHEDULED = table_of(Scheduled)
_COLUMNS = ("key", "due_at", "command_subject", "command", "actor", "traceparent")
_inserted = insert_given(_SCHEDULED, _COLUMNS, in_json=("command",))
# Of very many messages: made once, for making them takes longer.
_SCHEDULE = _inserted.on_conflict_do_update(
    index_elements=[_SCHEDULED.c.key],
    set_={name: _inserted.excluded[name] for name in _COLUMNS if name != "key"},
)
_CANCEL = delete(_SCHEDULED).where(
    _SCHEDULED.c.key == func.any(bindparam("keys", type_=ARRAY(Text)))
)


class ToCome(NamedTuple):
    """A command to come, under the key by which it is moved or cancelled.

    `cause` is whose doing it is, where many messages are handled at once.
    """

    key: str
    due_at: datetime
    command: Command[Any]
    cause: Asked[Any] | None = None


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
        if rows:
            await self._db.execute(_SCHEDULE, columns_of(rows))

    async def cancel(self, *keys: str) -> None:
        """Forget what is scheduled under these keys, if anything is."""
        if keys:
            await self._db.execute(_CANCEL, {"keys": keys})

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
        cause = come.cause
        actor = cause.envelope.actor if cause else self._actor
        traceparent = cause.context.run(current_traceparent) if cause else current_traceparent()
        return {
            "key": come.key,
            "due_at": come.due_at,
            "command_subject": subject_of(type(come.command)),
            "command": msgspec.json.encode(come.command).decode(),
            "actor": str(actor) if actor else None,
            "traceparent": traceparent,
        }
