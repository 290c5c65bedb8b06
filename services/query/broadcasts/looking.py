"""Mailings are listed and looked up, with how they ended for whom."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import BigInteger, cast, func, select

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
from database import broadcasts as tables
from database.broadcasts import progress_of
from database.reading import LIMIT, OFFSET, Headed, Reader, Row, part
from database.rows import columns_of, read_as
from services.query.broadcasts.registration import router
from services.query.broadcasts.rights import ASKED, IS_SENDER, MAILING, seen

SENDING = 0
"""The number of the pass in which a mailing is sent."""


MAILINGS = Headed(
    select(
        select(func.count()).select_from(tables.Mailing).where(seen()).scalar_subquery().label("n")
    )
    .select_from(tables.Sender)
    .where(*IS_SENDER),
    select(
        tables.Mailing.id.label("mailing_id"),
        tables.Mailing.title,
        tables.Mailing.state,
        tables.Mailing.people,
        tables.Mailing.created_at,
        tables.Mailing.begins_at,
    )
    .where(seen())
    .offset(OFFSET)
    .limit(LIMIT),
    order=(tables.Mailing.id.desc(),),
)

_with_message = select(func.count()).where(
    tables.MailingRecipient.mailing_id == MAILING, tables.MailingRecipient.message_id.is_not(None)
)
_file_id = select(tables.MailingUpload.file_id).where(
    tables.MailingUpload.upload_id == tables.Mailing.content["media"]["upload_id"].astext
)
_tally = tables.MailingTally
_ended = (_tally.number, _tally.app, _tally.language, _tally.result)
LOOKED_UP = Headed(
    select(
        *columns_of(tables.Mailing),
        func.now().label("now"),
        _with_message.scalar_subquery().label("editable"),
        _file_id.correlate(tables.Mailing).scalar_subquery().label("file_id"),
    ).where(*ASKED),
    select(*_ended, cast(func.sum(_tally.people), BigInteger).label("people"))
    .where(_tally.mailing_id == MAILING)
    .group_by(*_ended),
    order=_ended,
)
"""A mailing, and how it ended for how many in each of its passes."""


@router.handle
async def list_mailings(query: ListMailings, actor: Actor, db: Reader) -> MailingPage | NotASender:
    found = await db.page(MAILINGS, person=actor.person, **part(query.page))
    if found is None:
        return NotASender()
    mailings = tuple(MailingSummary(**row) for row in found.rows)
    return MailingPage(mailings=mailings, total=found.head["n"])


@router.handle
async def get_mailing(query: GetMailing, actor: Actor, db: Reader) -> Mailing | NoMailing:
    looked_up = await db.page(LOOKED_UP, person=actor.person, mailing=query.mailing_id)
    if looked_up is None:
        return NoMailing()
    head, ended = looked_up
    found = read_as(tables.Mailing, head)
    sent = _ends(ended, SENDING)
    told = sum(people for _, people in sent)
    return Mailing(
        mailing_id=found.id,
        version=found.version,
        author=found.author,
        state=found.state,
        work=found.work,
        content=msgspec.convert(found.content, Content),
        audience=msgspec.convert(found.audience, Audience),
        timing=msgspec.convert(found.timing, Timing),
        title=found.title,
        people=found.people,
        progress=progress_of(found, _ends(ended, found.number)),
        sent=tuple(ResultCount(result=result, people=people) for result, people in sent),
        breakdown=_breakdown(ended),
        editable=head["editable"],
        created_at=found.created_at,
        begins_at=found.begins_at,
        started_at=found.started_at,
        ended_at=found.ended_at,
        per_second=_rate(told, found.started_at, found.ended_at or head["now"]),
        file_id=head["file_id"] or "",
    )


def _ends(ended: Sequence[Row], number: int) -> Sequence[tuple[RecipientResult, int]]:
    """Return the results of a pass with how many ended so, the most frequent first."""
    counted: Counter[RecipientResult] = Counter()
    for row in ended:
        if row["number"] == number:
            counted[row["result"]] += row["people"]
    ends = [(result, people) for result, people in counted.items() if people > 0]
    return sorted(ends, key=lambda each: (-each[1], each[0]))


def _breakdown(ended: Sequence[Row]) -> tuple[Breakdown, ...]:
    """Return how the sending ended, by bot and language."""
    return tuple(
        Breakdown(
            app=row["app"], language=row["language"], result=row["result"], people=row["people"]
        )
        for row in ended
        if row["number"] == SENDING and row["people"] > 0
    )


def _rate(people: int, since: datetime | None, until: datetime) -> float:
    if since is None:
        return 0.0
    return round(people / max((until - since).total_seconds(), 1.0), 1)
