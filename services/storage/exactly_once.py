"""One transaction for a message's effect and the row that remembers it: alone, or in a group."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from asyncpg import UniqueViolationError
from sqlalchemy import Text, bindparam, cast, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker

from bus.delivery import CallNext, Delivery, Middleware, Outgoing, Produced
from database import Session
from database.base import table_of
from database.handled import Handled
from services.storage.columns import columns_of, insert_given
from services.storage.schedule import Schedule

# Of every message: made once, for making them takes longer.
_HANDLED = table_of(Handled)
_CLAIM = insert(_HANDLED).on_conflict_do_nothing().returning(_HANDLED.c.at)
_SAID = ("outcome", "events")
_REMEMBER = insert_given(_HANDLED, ("handler", "message_id", *_SAID), in_json=_SAID)
_FULFIL = (
    update(_HANDLED)
    .where(
        _HANDLED.c.handler == bindparam("this_handler"),
        _HANDLED.c.message_id == bindparam("this_message_id"),
    )
    .values(
        outcome=cast(bindparam("said_outcome", type_=Text), JSONB),
        events=cast(bindparam("said_events", type_=Text), JSONB),
    )
)


def exactly_once(
    sessions: async_sessionmaker[Session], count: Callable[[Produced], None] = lambda _: None
) -> Middleware:
    """Handle a message unless it was handled before; then say again what was said then.

    What is produced is counted once its effect is in the database.

    What comes for the first time is remembered at its end, a statement less: if it was handled
    after all, that undoes it. What came before is claimed first, and a copy that handles the same
    message at the same time waits at the row of the first.
    """

    async def handle(delivery: Delivery, call_next: CallNext) -> None:
        if delivery.was_tried_before or not await anew(delivery, call_next):
            await again(delivery, call_next)

    async def anew(delivery: Delivery, call_next: CallNext) -> bool:
        try:
            async with sessions.begin() as db:
                provide(db, delivery)
                await call_next(delivery)
                await remember_all(db, [delivery])
        except IntegrityError as error:
            if not _says_handled(error):
                raise
            return False
        count(delivery.produced)
        return True

    async def again(delivery: Delivery, call_next: CallNext) -> None:
        async with sessions.begin() as db:
            if not await _claim(db, delivery):
                delivery.produced = await _recall(db, delivery)
                return
            provide(db, delivery)
            await call_next(delivery)
            await _fulfil(db, delivery)
        count(delivery.produced)

    return handle


def provide(db: Session, delivery: Delivery) -> None:
    """Have a handler work in this session's transaction."""
    delivery.scope[Session] = db
    # Of many messages each has its own actor: who schedules says for whom.
    actor = None if delivery.handler.apart else delivery.envelope.actor
    delivery.scope[Schedule] = Schedule(db, actor)


async def remember_all(db: Session, handled: Sequence[Delivery]) -> None:
    """Remember messages that were not claimed before they were handled, in one round trip.

    Raises:
        IntegrityError: one of them was handled before; the transaction has to be undone.
    """
    rows = [_key(delivery) | _said(delivery.produced) for delivery in handled]
    await db.execute(_REMEMBER, columns_of(rows))


def _says_handled(error: IntegrityError) -> bool:
    """Whether a transaction failed because its message had been handled."""
    cause = error.driver_exception
    return isinstance(cause, UniqueViolationError) and cause.table_name == _HANDLED.name


async def _claim(db: Session, delivery: Delivery) -> bool:
    return (await db.execute(_CLAIM, _key(delivery) | {"events": []})).first() is not None


async def _fulfil(db: Session, delivery: Delivery) -> None:
    """Write what was said into the row by which a message was claimed."""
    this = {f"this_{name}": value for name, value in _key(delivery).items()}
    said = {f"said_{name}": value for name, value in _said(delivery.produced).items()}
    await db.execute(_FULFIL, this | said)


async def _recall(db: Session, delivery: Delivery) -> Produced:
    handled = (await db.execute(select(Handled).filter_by(**_key(delivery)))).scalar_one()
    outcome = _from_row(handled.outcome) if handled.outcome else None
    return Produced(outcome, [_from_row(message) for message in handled.events])


def _key(delivery: Delivery) -> dict[str, Any]:
    return {"handler": delivery.handler.name, "message_id": delivery.envelope.message_id}


def _said(produced: Produced) -> dict[str, str | None]:
    """Return outcome and events in JSON, the messages as they travel."""
    outcome = _encoded(produced.outcome) if produced.outcome else None
    return {"outcome": outcome, "events": _encoded(produced.messages)}


def _encoded(said: Outgoing | Sequence[Outgoing]) -> str:
    return msgspec.json.encode(said).decode()


def _from_row(row: dict[str, Any]) -> Outgoing:
    return Outgoing(row["subject"], msgspec.Raw(msgspec.json.encode(row["payload"])))
