"""Documents expire, and their owners are reminded of it."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select, update

from bus import Actor
from contracts.base import Language
from contracts.documents import (
    DocumentRefused,
    ExpiryNear,
    ExpirySet,
    ReminderSkipped,
    RemindersStopped,
    RemindOfExpiry,
    SetExpiry,
    StopReminding,
)
from database import Session
from database.documents import Document, Owner
from services.storage.documents.own import change, find, no_such_document, seen
from services.storage.documents.registration import router
from services.storage.documents.reminders import (
    DAYS_BEFORE,
    UNKNOWN_ZONE,
    cancel_reminders,
    plan_reminders,
    zone_of,
)
from services.storage.schedule import Schedule

UNKNOWN_LANGUAGE: Language = "en"

_Expiring = Row[str, date | None, bool, Language | None, str | None, datetime]
"""Name, expires_on, reminding, language, time_zone and the time by PostgreSQL."""


@router.handle
async def set_expiry(
    command: SetExpiry, actor: Actor, db: Session, schedule: Schedule
) -> ExpirySet | DocumentRefused:
    """Another date brings reminders back that were stopped."""
    document = await seen(command, actor, db)
    if isinstance(document, DocumentRefused):
        return document
    await change(db, command.document_id, expires_on=command.expires_on, reminding=True)
    time_zone = await zone_of(actor.person, db)
    remind_on = await plan_reminders(
        command.document_id, command.expires_on, time_zone, db, schedule
    )
    return ExpirySet(
        person_id=actor.person,
        document_id=command.document_id,
        name=document.name,
        expires_on=command.expires_on,
        remind_on=remind_on,
    )


@router.handle
async def stop_reminding(
    command: StopReminding, actor: Actor, db: Session, schedule: Schedule
) -> RemindersStopped | DocumentRefused:
    """Nothing changes that a person sees of the document: its version stays."""
    document = await find(db, actor, command.document_id)
    if document is None or document.deleted_at:
        return no_such_document(actor, command.document_id)
    stopped = update(Document).where(Document.id == command.document_id).values(reminding=False)
    await db.execute(stopped)
    await cancel_reminders(command.document_id, schedule)
    return RemindersStopped(
        person_id=actor.person, document_id=command.document_id, name=document.name
    )


@router.handle
async def remind_of_expiry(
    command: RemindOfExpiry, actor: Actor, db: Session
) -> ExpiryNear | ReminderSkipped:
    """The rows count as they are now: the reminder may have been on its way when they changed."""
    document = await _find_expiring(command, actor, db)
    if document is None:
        return _skipped(command, actor, "no_such_document")
    if document.expires_on != command.expires_on:
        return _skipped(command, actor, "date_changed")
    if not document.reminding:
        return _skipped(command, actor, "stopped")
    zone = ZoneInfo(document.time_zone or UNKNOWN_ZONE)
    days_left = (command.expires_on - document.now.astimezone(zone).date()).days
    if any(days_left <= nearer < command.days_before for nearer in DAYS_BEFORE):
        return _skipped(command, actor, "overtaken")
    return ExpiryNear(
        person_id=actor.person,
        document_id=command.document_id,
        name=document.name,
        expires_on=command.expires_on,
        days_before=command.days_before,
        days_left=days_left,
        language=document.language or UNKNOWN_LANGUAGE,
    )


async def _find_expiring(command: RemindOfExpiry, actor: Actor, db: Session) -> _Expiring | None:
    statement = (
        select(
            Document.name,
            Document.expires_on,
            Document.reminding,
            Owner.language,
            Owner.time_zone,
            func.now().label("now"),
        )
        .outerjoin(Owner, Owner.person_id == Document.person_id)
        .where(
            Document.id == command.document_id,
            Document.person_id == actor.person,
            Document.deleted_at.is_(None),
        )
    )
    return (await db.execute(statement)).one_or_none()


def _skipped(
    command: RemindOfExpiry,
    actor: Actor,
    reason: Literal["no_such_document", "date_changed", "stopped", "overtaken"],
) -> ReminderSkipped:
    return ReminderSkipped(person_id=actor.person, document_id=command.document_id, reason=reason)
