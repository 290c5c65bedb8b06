"""Mailings are created, changed, looked at beforehand, and deleted while they are drafts."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.base import Command, Event, Language, PersonId
from contracts.broadcasts.content import Audience, Content, Timing
from contracts.broadcasts.fields import Count, MailingId, MailingState, MailingVersion
from contracts.people import Category

MailingRefusal = Literal[
    "not_permitted",
    "no_such_mailing",
    "changed_meanwhile",
    "wrong_state",
    "nobody",
    "text_empty",
    "text_too_long",
    "file_lost",
    "unknown_bot",
    "no_such_list",
    "time_passed",
    "nothing_sent",
]
"""`not_permitted`: the acting person is no sender. `wrong_state`: what is asked for cannot be done
in the state the mailing has. `nobody`: the audience is empty. `nothing_sent`: there is nothing to
edit or withdraw."""


class MailingRefused(Event, frozen=True, kw_only=True):
    """A mailing stays as it was, for a reason its author can act on.

    `state` is the mailing's where there is one; `limit` the characters that a text may have.
    """

    person_id: PersonId
    reason: MailingRefusal
    mailing_id: int = 0
    state: MailingState | None = None
    limit: Count = 0


class MailingCreated(Event, frozen=True, kw_only=True):
    """There is a draft; its audience has so many `people` now."""

    person_id: PersonId
    mailing_id: MailingId
    version: MailingVersion
    people: Count


class MailingChanged(Event, frozen=True, kw_only=True):
    """A draft, or a scheduled mailing, is another; its audience has so many `people` now."""

    person_id: PersonId
    mailing_id: MailingId
    version: MailingVersion
    state: MailingState
    people: Count


class MailingPreviewed(Event, frozen=True, kw_only=True):
    """The acting person is shown a mailing as its recipients will see it, in a message of its own.

    `file_id` is its file's for the broadcasts bot, empty without a file.
    """

    person_id: PersonId
    mailing_id: MailingId
    content: Content
    category: Category
    language: Language
    file_id: str = ""


class MailingDeleted(Event, frozen=True, kw_only=True):
    """A draft is gone."""

    person_id: PersonId
    mailing_id: MailingId


class CreateMailing(Command[MailingCreated | MailingRefused], frozen=True, kw_only=True):
    """Make a draft, and count whom it would reach."""

    content: Content
    audience: Audience
    timing: Timing = Timing()


class ChangeMailing(Command[MailingChanged | MailingRefused], frozen=True, kw_only=True):
    """Change the version of a draft, or of a scheduled mailing, that the person saw.

    What is None stays. A scheduled mailing stays scheduled, for its new time.
    """

    mailing_id: MailingId
    version: MailingVersion
    content: Content | None = None
    audience: Audience | None = None
    timing: Timing | None = None


class PreviewMailing(Command[MailingPreviewed | MailingRefused], frozen=True, kw_only=True):
    """Show a mailing to the acting person, in the chat of the broadcasts bot."""

    mailing_id: MailingId


class DeleteMailing(Command[MailingDeleted | MailingRefused], frozen=True, kw_only=True):
    """Forget a draft."""

    mailing_id: MailingId


MailingTitle = Annotated[str, Meta(max_length=64)]
"""The beginning of a mailing's text, without markup; empty where it has none."""
