"""Who was forgotten stays so, whatever was said of them before and is heard of afterwards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from contracts.base import PersonId
from contracts.files import UploadKept, UploadLost
from database import Session
from database.base import table_of
from database.forgotten import Forgotten
from services.storage.turns import share_turns, take_turns

_PERSON: BindParameter[PersonId] = bindparam("person", type_=BigInteger)
_TURNS = "forgotten"
_NOW = {"at": func.clock_timestamp()}
_NOTE = (
    insert(table_of(Forgotten))
    .values(person_id=_PERSON, **_NOW)
    .on_conflict_do_update(index_elements=[Forgotten.person_id], set_=_NOW)
)
_SINCE = select(
    exists().where(
        Forgotten.person_id == _PERSON,
        Forgotten.at >= func.coalesce(bindparam("said_at", type_=Forgotten.at.type), Forgotten.at),
    )
)
_WHEN = select(Forgotten.person_id, Forgotten.at).where(
    Forgotten.person_id == func.any(bindparam("people", type_=ARRAY(BigInteger)))
)


async def note_forgotten(person_id: PersonId, db: Session) -> None:
    """Note in the transaction that forgets a person when that is.

    It waits for who was told that the person is not forgotten, and still writes what they know.
    """
    await take_turns(_TURNS, [person_id], db)
    await db.execute(_NOTE, {"person": person_id})


async def forgotten_since(person_id: PersonId, said_at: datetime | None, db: Session) -> bool:
    """Tell whether a person was forgotten after something was said, by PostgreSQL's clock.

    For handlers of events that would make rows of somebody unknown: events come in any order. With
    False nobody forgets the person until the transaction ends. None is what events say of before
    they told their time.
    """
    await share_turns(_TURNS, [person_id], db)
    return bool(await db.scalar(_SINCE, {"person": person_id, "said_at": said_at}))


async def sent_before_forgetting(
    events: Sequence[UploadKept | UploadLost], db: Session
) -> list[bool]:
    """Tell of each whether its person was forgotten after the file was sent.

    Nobody forgets the others until the transaction ends. An event that does not say when that was
    counts as sent afterwards: somebody who has come back would be told that their file is gone.
    """
    people = list({each.person_id for each in events if each.sent_at})
    if not people:
        return [False for _ in events]
    await share_turns(_TURNS, people, db)
    rows = await db.execute(_WHEN, {"people": people})
    forgotten_at = {row.person_id: row.at for row in rows}
    return [
        bool(each.sent_at and (at := forgotten_at.get(each.person_id)) and at >= each.sent_at)
        for each in events
    ]
