"""Everybody a mailing is for, and its pace, for sheets and charts."""

from typing import Annotated

from msgspec import Meta, Struct

from contracts.base import Language, PersonId, Query, Reply
from contracts.broadcasts.fields import App, Count, MailingId, Moment, RecipientResult
from contracts.broadcasts.looking import NoMailing

RECIPIENTS_OF_PAGE = 1000
"""Recipients of one reply: with all that is said of each, well within what a message holds."""


class Recipient(Struct, frozen=True, kw_only=True):
    """A recipient and how the sending ended for them; `changed` is how the last edit did.

    `reason` is what Telegram said, in its words.
    """

    person_id: PersonId
    app: App
    language: Language
    result: RecipientResult
    reason: str
    changed: RecipientResult
    at: Moment | None


class RecipientPage(Reply, frozen=True, kw_only=True):
    """Recipients in the order of their ids; `after` asks for the next ones, 0 where that is all."""

    recipients: tuple[Recipient, ...]
    after: Count


class ListRecipients(Query[RecipientPage | NoMailing], frozen=True, kw_only=True):
    """Who are the recipients of a mailing, those after a person's id?"""

    mailing_id: MailingId
    after: Count = 0
    limit: Annotated[int, Meta(ge=1, le=RECIPIENTS_OF_PAGE)] = RECIPIENTS_OF_PAGE


class Pace(Struct, frozen=True, kw_only=True):
    """How many recipients were told, and how many were not, in the time that begins `at`."""

    at: Moment
    told: Count
    failed: Count


class MailingPace(Reply, frozen=True, kw_only=True):
    """The sending by time, in steps of so many minutes; steps in which nothing ended are left out.

    At most 300 steps: the longer it took, the longer they are.
    """

    minutes: Annotated[int, Meta(ge=1)]
    steps: tuple[Pace, ...]


class GetMailingPace(Query[MailingPace | NoMailing], frozen=True, kw_only=True):
    """When was a mailing told to how many?"""

    mailing_id: MailingId
