"""Documents that expire: when they do, and being reminded of it in time."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from contracts.base import Command, Event, Language, PersonId
from contracts.documents.changes import DocumentRefused
from contracts.documents.fields import DocumentId, DocumentName, Version

DaysBefore = Annotated[int, Meta(ge=1, le=366)]


class ExpirySet(Event, frozen=True, kw_only=True):
    """A document expires on another day, or never; `remind_on` are the days of its reminders."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName
    expires_on: date | None
    remind_on: tuple[date, ...] = ()


class RemindersStopped(Event, frozen=True, kw_only=True):
    """Nobody is reminded of this expiry any more; another date begins anew."""

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName


class ExpiryNear(Event, frozen=True, kw_only=True):
    """A document expires in `days_left` days, counted where its owner is; negative: it has.

    `days_before` says which of the reminders this is.
    """

    person_id: PersonId
    document_id: DocumentId
    name: DocumentName
    expires_on: date
    days_before: DaysBefore
    days_left: int
    language: Language


class ReminderSkipped(Event, frozen=True, kw_only=True):
    """A reminder was due, and there was nothing to remind of any more."""

    person_id: PersonId
    document_id: DocumentId
    reason: Literal["no_such_document", "date_changed", "stopped", "overtaken"]


class SetExpiry(Command[ExpirySet | DocumentRefused], frozen=True, kw_only=True):
    """Set the day on which a document expires, or None; on the version that the person saw."""

    document_id: DocumentId
    version: Version
    expires_on: date | None


class StopReminding(Command[RemindersStopped | DocumentRefused], frozen=True, kw_only=True):
    """Let a document expire on its day without another word."""

    document_id: DocumentId


class RemindOfExpiry(Command[ExpiryNear | ReminderSkipped], frozen=True, kw_only=True):
    """Remind of an expiry `days_before` it; sent by the clock."""

    document_id: DocumentId
    expires_on: date
    days_before: DaysBefore
