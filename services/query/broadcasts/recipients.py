"""Everybody a mailing is for, and its pace."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, cast, func, select

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
from database import Session
from database.broadcasts import MailingRecipient, MailingTally
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import find

STEPS = 300
"""Of a pace, at most."""
LENGTHS = (1, 2, 5, 10, 30, 60, 120, 360, 1440)
"""Minutes of a step."""


@router.handle
async def list_recipients(
    query: ListRecipients, actor: Actor, db: Session
) -> RecipientPage | NoMailing:
    if await find(query.mailing_id, actor, db) is None:
        return NoMailing()
    some = (
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
            MailingRecipient.mailing_id == query.mailing_id,
            MailingRecipient.person_id > query.after,
        )
        .order_by(MailingRecipient.person_id)
        .limit(query.limit)
    )
    rows = (await db.execute(some)).mappings().all()
    recipients = tuple(Recipient(**row) for row in rows)
    after = recipients[-1].person_id if len(recipients) == query.limit else 0
    return RecipientPage(recipients=recipients, after=after)


@router.handle
async def get_mailing_pace(
    query: GetMailingPace, actor: Actor, db: Session
) -> MailingPace | NoMailing:
    if await find(query.mailing_id, actor, db) is None:
        return NoMailing()
    told = MailingTally.result == "told"
    people = MailingTally.people
    by_minute = (
        select(
            MailingTally.minute,
            cast(func.coalesce(func.sum(people).filter(told), 0), BigInteger).label("told"),
            cast(func.coalesce(func.sum(people).filter(~told), 0), BigInteger).label("failed"),
        )
        .where(MailingTally.mailing_id == query.mailing_id, MailingTally.number == 0)
        .group_by(MailingTally.minute)
        .order_by(MailingTally.minute)
    )
    minutes = [
        Pace(at=at, told=ok, failed=max(bad, 0)) for at, ok, bad in await db.execute(by_minute)
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
