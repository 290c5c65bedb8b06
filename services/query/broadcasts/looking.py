"""Mailings are listed and looked up, with how they ended for whom."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import BigInteger, Row, cast, func, select

from bus import Actor
from contracts.broadcasts import (
    Audience,
    Breakdown,
    Content,
    GetMailing,
    ListMailings,
    Mailing,
    MailingPage,
    MailingSummary,
    NoMailing,
    NotASender,
    RecipientResult,
    ResultCount,
    Timing,
)
from database import Session
from database import broadcasts as tables
from database.broadcasts import ends_of, progress_of
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import find, visible

SENDING = 0
"""The number of the pass in which a mailing is sent."""


@router.handle
async def list_mailings(query: ListMailings, actor: Actor, db: Session) -> MailingPage | NotASender:
    seen = await visible(actor, db)
    if seen is None:
        return NotASender()
    newest = (
        select(
            tables.Mailing.id.label("mailing_id"),
            tables.Mailing.title,
            tables.Mailing.state,
            tables.Mailing.people,
            tables.Mailing.created_at,
            tables.Mailing.begins_at,
        )
        .where(seen)
        .order_by(tables.Mailing.id.desc())
        .offset(query.page.offset)
        .limit(query.page.limit)
    )
    total = await db.scalar(select(func.count()).select_from(tables.Mailing).where(seen))
    rows = (await db.execute(newest)).mappings()
    return MailingPage(mailings=tuple(MailingSummary(**row) for row in rows), total=total or 0)


@router.handle
async def get_mailing(query: GetMailing, actor: Actor, db: Session) -> Mailing | NoMailing:
    found = await find(query.mailing_id, actor, db)
    if found is None:
        return NoMailing()
    content = msgspec.convert(found.content, Content)
    sent = (await db.execute(ends_of(found.id, SENDING))).all()
    present = sent if found.number == SENDING else await _ends(db, found)
    told = sum(row.people for row in sent)
    now = (await db.execute(select(func.now()))).scalar_one()
    return Mailing(
        mailing_id=found.id,
        version=found.version,
        author=found.author,
        state=found.state,
        work=found.work,
        content=content,
        audience=msgspec.convert(found.audience, Audience),
        timing=msgspec.convert(found.timing, Timing),
        title=found.title,
        people=found.people,
        progress=progress_of(found, present),
        sent=tuple(ResultCount(result=result, people=people) for result, people in sent),
        breakdown=await _breakdown(db, found),
        editable=await _editable(db, found),
        created_at=found.created_at,
        begins_at=found.begins_at,
        started_at=found.started_at,
        ended_at=found.ended_at,
        per_second=_rate(told, found.started_at, found.ended_at or now),
        file_id=await _file_id(db, content),
    )


async def _ends(db: Session, mailing: tables.Mailing) -> Sequence[Row[RecipientResult, int]]:
    return (await db.execute(ends_of(mailing.id, mailing.number))).all()


async def _breakdown(db: Session, mailing: tables.Mailing) -> tuple[Breakdown, ...]:
    tally = tables.MailingTally
    people = cast(func.sum(tally.people), BigInteger)
    counted = (
        select(tally.app, tally.language, tally.result, people.label("people"))
        .where(tally.mailing_id == mailing.id, tally.number == SENDING)
        .group_by(tally.app, tally.language, tally.result)
        .having(people > 0)
        .order_by(tally.app, tally.language, tally.result)
    )
    return tuple(Breakdown(**row) for row in (await db.execute(counted)).mappings())


async def _editable(db: Session, mailing: tables.Mailing) -> int:
    recipient = tables.MailingRecipient
    having_it = (recipient.mailing_id == mailing.id, recipient.message_id.is_not(None))
    return await db.scalar(select(func.count()).select_from(recipient).where(*having_it)) or 0


async def _file_id(db: Session, content: Content) -> str:
    if content.media is None:
        return ""
    upload = tables.MailingUpload
    known = select(upload.file_id).where(upload.upload_id == content.media.upload_id)
    return await db.scalar(known) or ""


def _rate(people: int, since: datetime | None, until: datetime) -> float:
    if since is None:
        return 0.0
    return round(people / max((until - since).total_seconds(), 1.0), 1)
