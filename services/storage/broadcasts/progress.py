"""How far a mailing is: counted by minute, and told once a second."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, inspect
from sqlalchemy.dialects.postgresql import insert

from bus import Events
from contracts.base import Language
from contracts.broadcasts import MailingProgressed, RecipientResult
from database import Session
from database.broadcasts import Mailing, MailingTally, ends_of, progress_of
from services.storage.broadcasts.composing import language_of, release_file
from services.storage.broadcasts.own import continue_no_more, time_of

TOLD_EVERY = 1.0
"""Seconds between two words of progress."""
SMOOTHING = 0.5
"""How much of the rate before the last second stays in it."""


class Kind(NamedTuple):
    """What recipients are counted by."""

    app: str
    language: Language
    result: RecipientResult


async def count(db: Session, mailing: Mailing, ended: Mapping[Kind, int]) -> None:
    """Count recipients for whom it ended, in the mailing and by minute; negative where it had not.

    The caller holds the mailing.
    """
    rows = [
        {"mailing_id": mailing.id, "number": mailing.number, "people": people, **kind._asdict()}
        for kind, people in ended.items()
        if people
    ]
    if not rows:
        return
    minute = func.date_trunc("minute", func.now())
    tallies = insert(MailingTally).values([{**row, "minute": minute} for row in rows])
    more = MailingTally.people + tallies.excluded.people
    keys = inspect(MailingTally).primary_key
    await db.execute(tallies.on_conflict_do_update(index_elements=keys, set_={"people": more}))
    done = sum(people for kind, people in ended.items() if kind.result == "told")
    mailing.done += done
    mailing.failed += sum(ended.values()) - done


async def settle(
    db: Session, mailing: Mailing, events: Events, *, in_any_case: bool = False
) -> None:
    """End a pass that is complete, and tell how far it is unless that was told this second."""
    complete = mailing.state == "running" and not (
        mailing.gathering or mailing.waiting or mailing.on_their_way
    )
    now = await time_of(db)
    if complete:
        mailing.state = {"send": "finished", "edit": mailing.before, "withdraw": "withdrawn"}[
            mailing.work
        ]
        if mailing.work == "send":
            mailing.ended_at = now
            release_file(mailing, events)
        await continue_no_more(db, mailing)
    finished = mailing.state not in ("running", "paused") and not mailing.on_their_way
    since = (now - mailing.progressed_at).total_seconds() if mailing.progressed_at else math.inf
    at_rest = mailing.halted or not mailing.on_their_way
    if not (in_any_case or finished or at_rest or since >= TOLD_EVERY):
        return
    if since >= TOLD_EVERY:
        _measure(mailing, since)
        mailing.progressed_at = now
    mailing.progress_version += 1
    ends = (await db.execute(ends_of(mailing.id, mailing.number))).all()
    events.add(
        MailingProgressed(
            person_id=mailing.author,
            mailing_id=mailing.id,
            number=mailing.number,
            version=mailing.progress_version,
            title=mailing.title,
            language=await language_of(mailing.author, db),
            progress=progress_of(mailing, ends),
            finished=finished,
            halted=mailing.halted,
        )
    )


def _measure(mailing: Mailing, seconds: float) -> None:
    """Measure the rate since it was told last, smoothed by what it was before."""
    ended = mailing.done + mailing.failed
    if mailing.progressed_at is None:
        rate = 0.0
    else:
        rate = max(ended - mailing.progressed_ends, 0) / seconds
        if mailing.rate:
            rate = SMOOTHING * mailing.rate + (1 - SMOOTHING) * rate
    mailing.rate, mailing.progressed_ends = rate, ended
