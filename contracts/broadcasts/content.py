"""What a mailing says, to whom, and when."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from contracts.base import Language
from contracts.broadcasts.fields import App, ListId, LocalMoment, Moment
from contracts.files import FileKind, UploadId
from contracts.people import Category
from contracts.screens import CAPTION_LIMIT, TEXT_LIMIT

MailingText = Annotated[str, Meta(max_length=16_384)]
"""Telegram's HTML, such as aiogram's `html_text` makes of what somebody wrote."""


class MailingButton(Struct, frozen=True, kw_only=True):
    """A button that opens a link."""

    text: Annotated[str, Meta(min_length=1, max_length=64)]
    url: Annotated[str, Meta(min_length=1, max_length=2048, pattern=r"^(https?|tg)://\S+$")]


class MailingMedia(Struct, frozen=True, kw_only=True):
    """A picture or file above the text: an upload that its author sent to the broadcasts bot."""

    upload_id: UploadId
    kind: FileKind
    name: Annotated[str, Meta(max_length=255)] = ""


ButtonRow = Annotated[tuple[MailingButton, ...], Meta(min_length=1, max_length=8)]


class Content(Struct, frozen=True, kw_only=True):
    """What recipients get; below the buttons comes one to opt out of the category.

    A text of no visible characters is refused unless there is a file, one over `limit` always.
    """

    text: MailingText
    media: MailingMedia | None = None
    buttons: Annotated[tuple[ButtonRow, ...], Meta(max_length=10)] = ()

    @property
    def limit(self) -> int:
        """How many visible characters the text may have."""
        return CAPTION_LIMIT if self.media else TEXT_LIMIT


class Audience(Struct, frozen=True, kw_only=True):
    """Who gets a mailing, each once: by the chosen bot that they wrote to last and that may write.

    All who ever wrote to one of `apps`, narrowed by what is given: `languages` (empty for all),
    `active_days` (who wrote to that bot within so many days; 0 for ever), `list_id` (who is in an
    uploaded list; empty for everybody). Never those who opted out of `category`.
    """

    apps: Annotated[tuple[App, ...], Meta(min_length=1, max_length=64)]
    category: Category
    languages: Annotated[tuple[Language, ...], Meta(max_length=8)] = ()
    active_days: Annotated[int, Meta(ge=0, le=3650)] = 0
    list_id: ListId | None = None


class Timing(Struct, frozen=True, kw_only=True):
    """When a mailing goes out: when it is started, `at` a moment, or at each person's `local` time.

    Whose local time has passed when it is started gets it at once. Where clocks change, a time that
    they leave out is an hour later, one that they show twice the second. Who has quiet hours then
    gets it when they end, unless those are not respected. Nobody gets it after `not_after`.
    """

    at: Moment | None = None
    local: LocalMoment | None = None
    respect_quiet_hours: bool = True
    not_after: Moment | None = None

    def __post_init__(self) -> None:
        if self.at is not None and self.local is not None:
            raise ValueError("a mailing goes out at a moment or at local times, not both")
        if self.local is not None:
            datetime.fromisoformat(self.local)  # there is such a day
