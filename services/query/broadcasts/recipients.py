"""Everybody a mailing is for, and its pace."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, cast, func, select

from bus import Actor
from contracts.broadcasts import (
    GetMailingPace,
    ListRecipients,
    MailingPace,
    NoMailing,
    Pace,
    Recipient,
    RecipientPage,
)
from database.broadcasts import Mailing, MailingRecipient, MailingTally
from database.reading import LIMIT, Headed, Reader
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import ASKED, MAILING

STEPS = 300
"""Of a pace, at most."""
LENGTHS = (1, 2, 5, 10, 30, 60, 120, 360, 1440)
"""Minutes of a step."""


RECIPIENTS = Headed(
    select(Mailing.id).where(*ASKED),
    select(
        MailingRecipient.person_id,
        MailingRecipient.app,
        MailingRecipient.language,
        MailingRecipient.result,
        MailingRecipient.reason,
        MailingRecipient.changed,
        MailingRecipient.told_at.label("at"),
    )
    .where(
        MailingRecipient.mailing_id == MAILING,
        MailingRecipient.person_id > bindparam("after", type_=BigInteger),
    )
    .limit(LIMIT),
    order=(MailingRecipient.person_id,),
)

_told = MailingTally.result == "told"
_people = func.sum(MailingTally.people)
PACE = Headed(
    select(Mailing.id).where(*ASKED),
    select(
        MailingTally.minute.label("at"),
        cast(func.coalesce(_people.filter(_told), 0), BigInteger).label("told"),
        cast(func.coalesce(_people.filter(~_told), 0), BigInteger).label("failed"),
    )
    .where(MailingTally.mailing_id == MAILING, MailingTally.number == 0)
    .group_by(MailingTally.minute),
    order=(MailingTally.minute,),
)


@router.handle
async def list_recipients(
    query: ListRecipients, actor: Actor, db: Reader
) -> RecipientPage | NoMailing:
    asked = {"mailing": query.mailing_id, "after": query.after, "limit": query.limit}
    found = await db.page(RECIPIENTS, person=actor.person, **asked)
    if found is None:
        return NoMailing()
    recipients = tuple(Recipient(**row) for row in found.rows)
    after = recipients[-1].person_id if len(recipients) == query.limit else 0
    return RecipientPage(recipients=recipients, after=after)


@router.handle
async def get_mailing_pace(
    query: GetMailingPace, actor: Actor, db: Reader
) -> MailingPace | NoMailing:
    found = await db.page(PACE, person=actor.person, mailing=query.mailing_id)
    if found is None:
        return NoMailing()
    minutes = [
        Pace(at=row["at"], told=row["told"], failed=max(row["failed"], 0)) for row in found.rows
    ]
    for length in LENGTHS:
        steps = _in_steps(minutes, length)
        if len(steps) <= STEPS:
            break
    return MailingPace(minutes=length, steps=steps[-STEPS:])


def _in_steps(minutes: list[Pace], length: int) -> tuple[Pace, ...]:
    """Return the counts of minutes summed up in steps of so many."""
    steps: dict[datetime, Pace] = {}
    for minute in minutes:
        since_midnight = minute.at.hour * 60 + minute.at.minute
        at = minute.at - timedelta(minutes=since_midnight % length)
        before = steps.get(at, Pace(at=at, told=0, failed=0))
        steps[at] = Pace(
            at=at, told=before.told + minute.told, failed=before.failed + minute.failed
        )
    return tuple(steps.values())
