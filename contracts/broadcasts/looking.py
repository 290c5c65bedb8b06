"""Mailings are listed and looked up, with how they ended for whom."""

from msgspec import Struct

from contracts.base import Language, Page, PersonId, Query, Reply
from contracts.broadcasts.composing import MailingTitle
from contracts.broadcasts.content import Audience, Content, Timing
from contracts.broadcasts.fields import (
    App,
    Count,
    MailingId,
    MailingState,
    MailingVersion,
    Moment,
    RecipientResult,
    Work,
)
from contracts.broadcasts.progress import Progress, ResultCount


class NotASender(Reply, frozen=True, kw_only=True):
    """The acting person may not send mailings, and sees nothing of them."""


class NoMailing(Reply, frozen=True, kw_only=True):
    """There is no such mailing, or it is none of the acting person's business."""


class MailingSummary(Struct, frozen=True, kw_only=True):
    """A mailing as a list shows it; `people` are its recipients, before the start a count."""

    mailing_id: MailingId
    title: MailingTitle
    state: MailingState
    people: Count
    created_at: Moment
    begins_at: Moment | None


class MailingPage(Reply, frozen=True, kw_only=True):
    """Mailings, the newest first; `total` counts all of them."""

    mailings: tuple[MailingSummary, ...]
    total: Count


class ListMailings(Query[MailingPage | NotASender], frozen=True, kw_only=True):
    """Which mailings are there? A sender sees their own, an administrator all."""

    page: Page = Page()


class Breakdown(Struct, frozen=True, kw_only=True):
    """For how many recipients of a bot and a language the sending ended in one way."""

    app: App
    language: Language
    result: RecipientResult
    people: Count


class Mailing(Reply, frozen=True, kw_only=True):
    """A mailing with all that is known of it.

    `sent` are the results of its sending, whatever was done since, also of recipients who have been
    forgotten; `breakdown` says them by bot and language. `per_second` is the average rate of the
    sending while it took place. `editable` is how many have a message that can be edited.
    """

    mailing_id: MailingId
    version: MailingVersion
    author: PersonId
    state: MailingState
    work: Work
    content: Content
    audience: Audience
    timing: Timing
    title: MailingTitle
    people: Count
    progress: Progress
    sent: tuple[ResultCount, ...]
    breakdown: tuple[Breakdown, ...]
    editable: Count
    created_at: Moment
    begins_at: Moment | None
    started_at: Moment | None
    ended_at: Moment | None
    per_second: float
    file_id: str = ""


class GetMailing(Query[Mailing | NoMailing], frozen=True, kw_only=True):
    """What is known of a mailing?"""

    mailing_id: MailingId


class PeopleOfBot(Struct, frozen=True, kw_only=True):
    """How many people a bot may write to."""

    app: App
    people: Count


class SenderRights(Reply, frozen=True, kw_only=True):
    """Whether the acting person may send mailings, and by which bots to how many."""

    may_send: bool
    bots: tuple[PeopleOfBot, ...] = ()


class GetSenderRights(Query[SenderRights], frozen=True, kw_only=True):
    """May the acting person send mailings?"""


class AudienceCount(Reply, frozen=True, kw_only=True):
    """Whom a mailing would reach: `people`, each once, by the bot that would write to them.

    `opted_out` and `unreachable` would get it, had they not opted out or blocked the bots.
    """

    people: Count
    bots: tuple[PeopleOfBot, ...]
    opted_out: Count
    unreachable: Count


class CountAudience(Query[AudienceCount | NotASender], frozen=True, kw_only=True):
    """How many people are in an audience now?"""

    audience: Audience
