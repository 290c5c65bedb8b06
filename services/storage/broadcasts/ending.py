"""How it ended for recipients is noted, and the next ones are addressed."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, text, update

from bus import Events
from contracts.base import ChatId
from contracts.broadcasts import MailingId, RecipientResult
from contracts.files import UploadNotSent, UploadSent
from contracts.notices import NoticesEnded
from database import Session
from database.broadcasts import Mailing, MailingFile, ends_of
from services.storage.broadcasts.addressing import address
from services.storage.broadcasts.own import continue_now, hold
from services.storage.broadcasts.progress import Kind, count, settle
from services.storage.broadcasts.registration import router

RECEIPT = "mailing:"
"""Begins the receipts of what is ours, before the id of the mailing."""
HALTED_AFTER = 20
"""Refusals by Telegram, and nobody told: then it is what the mailing says that it refuses."""
NOT_SENT: dict[str, RecipientResult] = {
    "gone": "no_file",
    "unreachable": "blocked",
    "refused": "refused",
}
"""What became of who was to be sent the bytes of a file."""

# Of what is said again, only that counts which was not known: how a fate ended that was unknown.
_END = text(
    """
    WITH said AS (
        SELECT * FROM unnest(
            CAST(:people AS bigint[]), CAST(:numbers AS integer[]), CAST(:results AS text[]),
            CAST(:message_ids AS bigint[]), CAST(:reasons AS text[])
        ) AS said (person_id, number, result, message_id, reason)
    ), was AS (
        SELECT said.*, recipient.state,
            CASE WHEN said.number = 0 THEN recipient.result ELSE recipient.changed END AS before
        FROM said JOIN mailing_recipients AS recipient
            ON recipient.mailing_id = :mailing_id AND recipient.person_id = said.person_id
                AND recipient.number = said.number
    )
    UPDATE mailing_recipients AS recipient SET
        state = 'ended',
        result = CASE WHEN was.number = 0 THEN was.result ELSE recipient.result END,
        changed = CASE WHEN was.number = 0 THEN '' ELSE was.result END,
        reason = was.reason,
        told_at = CASE WHEN was.number = 0 THEN now() ELSE recipient.told_at END,
        message_id = CASE
            WHEN :withdrawn AND was.result = 'told' THEN NULL
            ELSE coalesce(nullif(was.message_id, 0), recipient.message_id)
        END
    FROM was
    WHERE recipient.mailing_id = :mailing_id AND recipient.person_id = was.person_id
        AND (
            was.state = 'addressed'
            OR was.state = 'ended' AND was.before = 'fate_unknown' AND was.result <> 'fate_unknown'
        )
    RETURNING recipient.app, recipient.language, was.result, was.state = 'addressed'
    """
).bindparams(bindparam("mailing_id", type_=BigInteger))


class End(NamedTuple):
    """How it ended for one recipient, in the pass of that number."""

    person_id: ChatId
    number: int
    result: RecipientResult
    message_id: int = 0
    reason: str = ""


@router.handle
async def go_on_on_notices_ended(event: NoticesEnded, db: Session, events: Events) -> None:
    """Mailings are held in the order of their ids, so that nobody waits for each other."""
    ends: dict[MailingId, dict[tuple[int, int], End]] = {}
    for end in event.ends:
        mailing_id = mailing_of(end.receipt)
        if mailing_id:
            known = End(end.chat_id, end.version, end.result, end.message_id, end.reason)
            ends.setdefault(mailing_id, {})[end.chat_id, end.version] = known
    for mailing_id in sorted(ends):
        mailing = await hold(mailing_id, db)
        if mailing and await note(db, mailing, list(ends[mailing_id].values())):
            await go_on(db, mailing, events)


@router.handle
async def learn_file_id_on_upload_sent(event: UploadSent, db: Session, events: Events) -> None:
    """The first recipient of a bot has the file; the others are sent it by its id."""
    mailing = await hold(mailing_of(event.receipt), db)
    if mailing is None:
        return
    known = {"file_id": event.file_id, "asked_at": None, "asked_of": None}
    this = (MailingFile.mailing_id == mailing.id, MailingFile.app == event.app)
    await db.execute(update(MailingFile).where(*this).values(known))
    await note(db, mailing, [End(event.chat_id, 0, "told", event.message_id)])
    await go_on(db, mailing, events)


@router.handle
async def ask_another_on_upload_not_sent(event: UploadNotSent, db: Session, events: Events) -> None:
    """The next recipient of the bot tries; where the bytes are gone, nobody can."""
    mailing = await hold(mailing_of(event.receipt), db)
    if mailing is None:
        return
    gone = event.reason == "gone"
    await note(db, mailing, [End(event.chat_id, 0, NOT_SENT[event.reason])])
    await ask_another(db, mailing, event.app)
    if gone and mailing.state == "running":
        mailing.state, mailing.halted = "paused", True
    await go_on(db, mailing, events)


async def ask_another(db: Session, mailing: Mailing, app: str) -> None:
    """Forget who was sent the file by a bot that did not get it to them."""
    unknown = (MailingFile.mailing_id == mailing.id, MailingFile.file_id.is_(None))
    await db.execute(delete(MailingFile).where(*unknown, MailingFile.app == app))
    await continue_now(db, mailing)


async def note(db: Session, mailing: Mailing, ends: Sequence[End]) -> int:
    """Note how it ended, and return for how many that is news; the caller holds the mailing."""
    rows = await db.execute(
        _END,
        {
            "mailing_id": mailing.id,
            "withdrawn": mailing.work == "withdraw",
            "people": [end.person_id for end in ends],
            "numbers": [end.number for end in ends],
            "results": [end.result for end in ends],
            "message_ids": [end.message_id for end in ends],
            "reasons": [end.reason for end in ends],
        },
    )
    ended: Counter[Kind] = Counter()
    news = 0
    for app, language, result, first in rows:
        news += 1
        ended[Kind(app, language, result)] += 1
        if first:
            mailing.on_their_way -= 1
        else:
            ended[Kind(app, language, "fate_unknown")] -= 1
    await count(db, mailing, ended)
    return news


async def go_on(db: Session, mailing: Mailing, events: Events) -> None:
    """Address the next recipients, and tell how far the mailing is."""
    if mailing.state == "running" and await _is_refused(db, mailing):
        mailing.state, mailing.halted = "paused", True
    if mailing.state == "running":
        await address(db, mailing, events)
    await settle(db, mailing, events)


def mailing_of(receipt: str) -> MailingId:
    """Return the id of the mailing whose receipt this is; 0 for a receipt of others."""
    number = receipt.removeprefix(RECEIPT)
    is_ours = receipt.startswith(RECEIPT) and number.isascii() and number.isdecimal()
    return int(number) if is_ours else 0


async def _is_refused(db: Session, mailing: Mailing) -> bool:
    """Tell whether Telegram refuses all that a mailing says, to whomever."""
    if mailing.done or mailing.failed < HALTED_AFTER:
        return False
    results = await db.execute(ends_of(mailing.id, mailing.number))
    return any(row.result == "refused" and row.people >= HALTED_AFTER for row in results)
