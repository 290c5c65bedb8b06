"""Recipients are addressed, in the order in which they are due, some seconds ahead of the sender.

Whoever does this holds the mailing: two copies of storage never address the same recipient.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from bus import Events
from contracts.base import Language
from contracts.broadcasts import (
    ADDRESSED_AT_ONCE,
    ON_THEIR_WAY_LIMIT,
    Addressed,
    FileOfBot,
    MailingFileWanted,
    RecipientResult,
    RecipientsAddressed,
)
from database import Session
from database.broadcasts import Mailing, MailingFile, MailingRecipient, RecipientState
from services.storage.broadcasts.own import audience_of, content_of, time_of, timing_of
from services.storage.broadcasts.progress import Kind, count

ROUNDS = 5
"""How often in one transaction others are taken for those who were passed over."""

AHEAD_SECONDS = 5.0
AHEAD_AT_LEAST = 100
"""As many recipients as are told in so many seconds are on their way: a mailing that is paused or
cancelled goes to these still, so not more than it takes to keep the sender busy."""

PASSED_OVER = 100
"""How many, in one transaction, are passed over for the first who is sent a file."""

# What is known of a person now decides: they may have opted out or blocked the bot since.
_TAKE = text(
    """
    WITH due AS (
        SELECT person_id, app FROM mailing_recipients
        WHERE mailing_id = :mailing_id AND number = :number AND state = 'waiting'
            AND due_at <= now() AND app = ANY(:apps)
        ORDER BY due_at, person_id LIMIT :room
    ), judged AS (
        SELECT due.person_id, reader.language,
            CASE
                WHEN :expired THEN 'too_late'
                WHEN reader.person_id IS NULL OR contact.person_id IS NULL THEN 'unreachable'
                WHEN contact.unreachable IS NOT NULL THEN 'unreachable'
                WHEN :sending AND :category = ANY(reader.opted_out) THEN 'opted_out'
                ELSE ''
            END AS result,
            CASE
                WHEN :sending AND :respecting THEN broadcast_due(
                    now(), reader.time_zone, reader.quiet_begins, reader.quiet_ends
                )
                ELSE now()
            END AS due_at
        FROM due
        LEFT JOIN broadcast_readers AS reader ON reader.person_id = due.person_id
        LEFT JOIN broadcast_contacts AS contact
            ON contact.person_id = due.person_id AND contact.app = due.app
    )
    UPDATE mailing_recipients AS recipient SET
        state = CASE
            WHEN judged.result <> '' THEN 'ended'
            WHEN judged.due_at > now() THEN 'waiting'
            ELSE 'addressed'
        END,
        result = CASE WHEN :sending THEN judged.result ELSE recipient.result END,
        changed = CASE WHEN :sending THEN '' ELSE judged.result END,
        language = coalesce(judged.language, recipient.language),
        due_at = coalesce(judged.due_at, recipient.due_at),
        addressed_at = now(),
        told_at = CASE WHEN :sending AND judged.result <> '' THEN now() ELSE recipient.told_at END
    FROM judged
    WHERE recipient.mailing_id = :mailing_id AND recipient.person_id = judged.person_id
    RETURNING recipient.person_id, recipient.app, recipient.language, recipient.message_id,
        recipient.state, judged.result, judged.language IS NULL
    """
).bindparams(bindparam("mailing_id", type_=BigInteger))


class Taken(NamedTuple):
    """A recipient whose turn it was."""

    person_id: int
    app: str
    language: Language
    message_id: int | None
    state: RecipientState
    result: RecipientResult
    forgotten: bool = False


def ahead_of(mailing: Mailing) -> int:
    """Return how many recipients may be on their way, by how fast they were told so far."""
    return min(ON_THEIR_WAY_LIMIT, max(AHEAD_AT_LEAST, int(mailing.rate * AHEAD_SECONDS)))


async def address(db: Session, mailing: Mailing, events: Events) -> bool:
    """Address who is due, as far as there is room; tell whether more could be done at once."""
    files = await files_of(db, mailing)
    apps = list(audience_of(mailing).apps)
    if needs_file(mailing):
        apps = [app for app in apps if app in files]
    for _ in range(ROUNDS):
        room = max(ahead_of(mailing) - mailing.on_their_way, 0)
        room -= room % ADDRESSED_AT_ONCE
        if not (apps and room):
            return False
        taken = await _take(db, mailing, apps, room)
        to_address = [one for one in taken if one.state == "addressed"]
        announce(mailing, to_address, files, events)
        if len(taken) < room:
            return False
    return True


async def ask_for_files(db: Session, mailing: Mailing, events: Events) -> None:
    """Have each bot that does not know the file send it to one recipient, and learn its id so."""
    if not needs_file(mailing):
        return
    asked = select(MailingFile.app).where(MailingFile.mailing_id == mailing.id)
    known = set(await db.scalars(asked))
    for app in audience_of(mailing).apps:
        if app in known or mailing.on_their_way >= ahead_of(mailing):
            continue
        one = await _take_one(db, mailing, app)
        if one is None:
            continue
        values = {"mailing_id": mailing.id, "app": app, "asked_of": one.person_id}
        await db.execute(insert(MailingFile).values(**values, asked_at=func.now()))
        events.add(
            MailingFileWanted(
                mailing_id=mailing.id,
                person_id=mailing.author,
                content=content_of(mailing),
                category=audience_of(mailing).category,
                recipient=_addressed(one),
            )
        )


async def _take_one(db: Session, mailing: Mailing, app: str) -> Taken | None:
    """Address the first recipient of a bot who can be written to now."""
    for _ in range(PASSED_OVER):
        taken = await _take(db, mailing, [app], 1)
        if not taken or taken[0].state == "addressed":
            return taken[0] if taken else None
    return None


def announce(
    mailing: Mailing, taken: Sequence[Taken], files: dict[str, str], events: Events
) -> None:
    """Have the notifier write to recipients, so many an event."""
    for start in range(0, len(taken), ADDRESSED_AT_ONCE):
        some = taken[start : start + ADDRESSED_AT_ONCE]
        apps = sorted({one.app for one in some} & files.keys())
        events.add(
            RecipientsAddressed(
                mailing_id=mailing.id,
                work=mailing.work,
                number=mailing.number,
                content=content_of(mailing),
                category=audience_of(mailing).category,
                recipients=tuple(map(_addressed, some)),
                files=tuple(FileOfBot(app=app, file_id=files[app]) for app in apps),
                not_after=timing_of(mailing).not_after if mailing.work == "send" else None,
            )
        )


async def files_of(db: Session, mailing: Mailing) -> dict[str, str]:
    """Return the ids of a mailing's file by the bots that know it."""
    known = select(MailingFile.app, MailingFile.file_id).where(
        MailingFile.mailing_id == mailing.id, MailingFile.file_id.is_not(None)
    )
    return {app: file_id for app, file_id in await db.execute(known) if file_id}


def needs_file(mailing: Mailing) -> bool:
    """Tell whether recipients are sent a file: what has been sent keeps the one it has."""
    return mailing.work == "send" and content_of(mailing).media is not None


async def _take(db: Session, mailing: Mailing, apps: list[str], room: int) -> list[Taken]:
    """Take whose turn it is: addressed, passed over for good, or put off by their quiet hours."""
    timing, sending = timing_of(mailing), mailing.work == "send"
    now = await time_of(db)
    rows = await db.execute(
        _TAKE,
        {
            "mailing_id": mailing.id,
            "number": mailing.number,
            "apps": apps,
            "room": room,
            "sending": sending,
            "respecting": timing.respect_quiet_hours,
            "expired": sending and timing.not_after is not None and timing.not_after <= now,
            "category": audience_of(mailing).category,
        },
    )
    taken = sorted(Taken(*row) for row in rows)
    ended = [one for one in taken if one.state == "ended"]
    # Forgotten while the rows were made, of which nobody could know then.
    forgotten = [one.person_id for one in ended if one.forgotten]
    if forgotten:
        recipient = MailingRecipient
        these = (recipient.mailing_id == mailing.id, recipient.person_id.in_(forgotten))
        await db.execute(delete(recipient).where(*these))
    mailing.waiting -= sum(one.state != "waiting" for one in taken)
    mailing.on_their_way += sum(one.state == "addressed" for one in taken)
    await count(db, mailing, Counter(Kind(one.app, one.language, one.result) for one in ended))
    return taken


def _addressed(one: Taken) -> Addressed:
    return Addressed(
        app=one.app,
        chat_id=one.person_id,
        language=one.language,
        message_id=one.message_id or 0,
    )
