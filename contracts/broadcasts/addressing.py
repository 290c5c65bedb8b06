"""Recipients are addressed, some at a time: at most 1,000 ahead of those whose message ended."""

from typing import Annotated

from msgspec import Meta, Struct

from contracts.base import ChatId, Command, Event, Language, PersonId
from contracts.broadcasts.content import Content
from contracts.broadcasts.fields import App, MailingId, Moment, Work
from contracts.people import Category

ON_THEIR_WAY_LIMIT = 1000
"""Recipients of one mailing that are addressed and of whom no end is known."""
ADDRESSED_AT_ONCE = 50
"""Recipients of one event."""

MailingPass = Annotated[int, Meta(ge=0)]
"""0 is the sending, each edit or withdrawal is one more; as notices have it for their version."""


class Addressed(Struct, frozen=True, kw_only=True):
    """A recipient; `message_id` is what they have of the mailing, 0 before it was sent."""

    app: App
    chat_id: ChatId
    language: Language
    message_id: int = 0


class FileOfBot(Struct, frozen=True, kw_only=True):
    """The id by which a bot knows a mailing's file."""

    app: App
    file_id: str


class RecipientsAddressed(Event, frozen=True, kw_only=True):
    """These recipients are to be sent a mailing, or to have it edited or withdrawn.

    The notifier makes a notice of each, with receipt `mailing:<id>`; how they end is heard of by
    NoticesEnded. `files` has the file of every bot that is named, where the mailing has one.
    """

    mailing_id: MailingId
    work: Work
    number: MailingPass
    content: Content
    category: Category
    recipients: Annotated[tuple[Addressed, ...], Meta(min_length=1, max_length=ADDRESSED_AT_ONCE)]
    files: tuple[FileOfBot, ...] = ()
    not_after: Moment | None = None


class MailingFileWanted(Event, frozen=True, kw_only=True):
    """A bot does not know a mailing's file yet: this recipient is sent its bytes.

    Of all that a bot sends, only one message carries them; by UploadSent the others get its id.
    """

    mailing_id: MailingId
    person_id: PersonId
    content: Content
    category: Category
    recipient: Addressed


class MailingContinued(Event, frozen=True, kw_only=True):
    """A mailing was looked after: what could be done for it is under way."""

    mailing_id: MailingId


class ContinueMailing(Command[MailingContinued], frozen=True, kw_only=True):
    """Do what is next for a mailing, whatever that is; sent by the clock."""

    mailing_id: MailingId
