"""What mailings are made of: whether that can be sent, to how many, and when."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import func, select

from contracts.base import PersonId
from contracts.broadcasts import Audience, Content, MailingRefusal, Timing
from contracts.files import UploadId
from contracts.screens import visible_text
from database import Session
from database.broadcasts import PeopleList, chosen
from services.discovery import bot_apps
from services.storage.broadcasts.uploads import can_be_sent

TITLE_LENGTH = 64
FIRST_ZONE, LAST_ZONE = timedelta(hours=14), timedelta(hours=-12)
"""Where on earth a day begins first, and where it ends last, from UTC."""
LATE_BY = timedelta(minutes=5)
"""How long ago a chosen moment may be: choosing it took its time."""


class Unfit(NamedTuple):
    """Why something cannot be sent; `limit` is what a text may have of characters."""

    reason: MailingRefusal
    limit: int = 0


class Draft(msgspec.Struct, frozen=True):
    """All that a mailing is made of."""

    content: Content
    audience: Audience
    timing: Timing


async def unfit(
    draft: Draft, author: PersonId, db: Session, claimed: UploadId | None = None
) -> Unfit | None:
    """Tell why a draft cannot be one; a file that it has `claimed` already stays for it.

    Raises:
        NotYet: it is not known yet what became of its file.
    """
    if set(draft.audience.apps) - set(bot_apps()):
        return Unfit("unknown_bot")
    if fault := unfit_text(draft.content):
        return fault
    media, list_id = draft.content.media, draft.audience.list_id
    is_new = media and media.upload_id != claimed
    if media and is_new and not await can_be_sent(db, media, author):
        return Unfit("file_lost")
    own_list = select(PeopleList.id).where(PeopleList.id == list_id, PeopleList.author == author)
    if list_id and await db.scalar(own_list) is None:
        return Unfit("no_such_list")
    return None


def unfit_text(content: Content) -> Unfit | None:
    """Tell why a text cannot be sent."""
    seen = visible_text(content.text)
    if not seen.strip() and not content.media:
        return Unfit("text_empty")
    length = len(seen)  # with what Telegram strips: whoever sends it counts that, too
    return Unfit("text_too_long", content.limit) if length > content.limit else None


async def people_of(audience: Audience, db: Session) -> int:
    """Return how many people are in an audience now."""
    return await db.scalar(select(func.count()).select_from(chosen(audience).subquery())) or 0


def begins_at(timing: Timing, now: datetime) -> datetime:
    """Return when a mailing begins: at local times, when it is that time somewhere."""
    if timing.local is not None:
        return local_moment(timing.local) - FIRST_ZONE
    return timing.at or now


def has_passed(timing: Timing, now: datetime) -> bool:
    """Tell whether a mailing would come too late for everybody."""
    last = timing.at or now
    if timing.local is not None:
        last = local_moment(timing.local) - LAST_ZONE
    return last < now - LATE_BY or bool(timing.not_after and timing.not_after <= now)


def local_moment(local: str) -> datetime:
    """Return a local time as if everybody's clock showed UTC; noon of impossible days' first."""
    return datetime.fromisoformat(local).replace(tzinfo=UTC)


def title_of(content: Content) -> str:
    """Return the beginning of what people see of a text."""
    lines = visible_text(content.text).split("\n")
    return next((line.strip() for line in lines if line.strip()), "")[:TITLE_LENGTH]
