"""Turns of transactions that would do the same for a person: one goes on, or those that share."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, Text, bindparam, func, literal, select

from contracts.base import PersonId
from database import Session

_EACH = func.hashtextextended(
    func.unnest(bindparam("turns", type_=ARRAY(Text))).column_valued("each"), literal(0)
)
_ALONE = select(func.pg_advisory_xact_lock(_EACH))
_SHARED = select(func.pg_advisory_xact_lock_shared(_EACH))


async def take_turns(what: str, people: Iterable[PersonId], db: Session) -> None:
    """Wait for whoever does this for these people; nobody else does until the transaction ends.

    What is named with its app before it, unless it is of none.
    """
    await db.execute(_ALONE, _turns(what, people))


async def share_turns(what: str, people: Iterable[PersonId], db: Session) -> None:
    """Wait for whoever does this alone; until the transaction ends nobody does, but many share."""
    await db.execute(_SHARED, _turns(what, people))


def _turns(what: str, people: Iterable[PersonId]) -> dict[str, list[str]]:
    # In one order, whoever waits for them: two groups never wait for each other.
    return {"turns": [f"{what}.{person_id}" for person_id in sorted(set(people))]}
