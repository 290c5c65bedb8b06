"""How it ended for how many, as storage tells it and query answers it."""

import math
from collections.abc import Iterable

from sqlalchemy import BigInteger, Row, Select, cast, func, select

from contracts.broadcasts import Progress, RecipientResult, ResultCount
from database.broadcasts.mailings import Mailing, MailingTally


def ends_of(mailing_id: int, number: int) -> Select[RecipientResult, int]:
    """Select the results of a pass with how many ended so, the most frequent first."""
    people = cast(func.sum(MailingTally.people), BigInteger).label("people")
    return (
        select(MailingTally.result, people)
        .where(MailingTally.mailing_id == mailing_id, MailingTally.number == number)
        .group_by(MailingTally.result)
        .having(people > 0)
        .order_by(people.desc(), MailingTally.result)
    )


def progress_of(
    mailing: Mailing,
    ends: Iterable[Row[RecipientResult, int] | tuple[RecipientResult, int]],
) -> Progress:
    """Return how far a mailing's present pass is, with the results as `ends_of` has them."""
    ended = mailing.done + mailing.failed
    people = max(mailing.people, ended + mailing.on_their_way + mailing.waiting)
    left = people - ended - mailing.on_their_way
    rate = mailing.rate if mailing.state == "running" else 0.0
    return Progress(
        work=mailing.work,
        state=mailing.state,
        people=people,
        gathering=mailing.gathering,
        done=mailing.done,
        failed=mailing.failed,
        on_their_way=mailing.on_their_way,
        left=left,
        ends=tuple(ResultCount(result=result, people=count) for result, count in ends),
        per_second=round(rate, 1),
        seconds_left=math.ceil((left + mailing.on_their_way) / rate) if rate else None,
    )
