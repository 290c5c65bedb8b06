"""Mailings are started, held, stopped, and what was sent is edited or deleted again."""

from contracts.base import Command, Event, PersonId
from contracts.broadcasts.composing import MailingRefused
from contracts.broadcasts.content import Audience, Content, MailingText, Timing
from contracts.broadcasts.fields import Count, MailingId, MailingVersion, Moment


class MailingStarted(Event, frozen=True, kw_only=True):
    """A mailing goes out from now on, to about so many `people`; its progress is told."""

    person_id: PersonId
    mailing_id: MailingId
    people: Count


class MailingScheduled(Event, frozen=True, kw_only=True):
    """A mailing starts by itself at `begins_at`; its audience has so many `people` now.

    At local times, that is when the first places of the earth have it.
    """

    person_id: PersonId
    mailing_id: MailingId
    begins_at: Moment
    people: Count


class MailingPaused(Event, frozen=True, kw_only=True):
    """Nobody further is written to; those `on_their_way`, at most 1,000, are told still."""

    person_id: PersonId
    mailing_id: MailingId
    on_their_way: Count
    left: Count


class MailingResumed(Event, frozen=True, kw_only=True):
    """A mailing goes on with the `left` recipients, exactly where it was."""

    person_id: PersonId
    mailing_id: MailingId
    left: Count


class MailingCancelled(Event, frozen=True, kw_only=True):
    """A mailing goes to nobody further; those `on_their_way`, at most 1,000, are told still.

    `left` are never told.
    """

    person_id: PersonId
    mailing_id: MailingId
    on_their_way: Count
    left: Count


class EditingStarted(Event, frozen=True, kw_only=True):
    """The message is being edited in the chats of those `people` who have it."""

    person_id: PersonId
    mailing_id: MailingId
    people: Count


class WithdrawalStarted(Event, frozen=True, kw_only=True):
    """The message is being deleted from the chats of those `people` who have it."""

    person_id: PersonId
    mailing_id: MailingId
    people: Count


class StartMailing(
    Command[MailingStarted | MailingScheduled | MailingRefused], frozen=True, kw_only=True
):
    """Send the version of a draft that the person saw, or have it sent when it is time.

    A scheduled mailing that is started again goes out now.
    """

    mailing_id: MailingId
    version: MailingVersion


class RequestMailing(
    Command[MailingStarted | MailingScheduled | MailingRefused], frozen=True, kw_only=True
):
    """Create a mailing and start it; for programs. Said again under its id, it is the same one."""

    content: Content
    audience: Audience
    timing: Timing = Timing()


class PauseMailing(Command[MailingPaused | MailingRefused], frozen=True, kw_only=True):
    """Hold a running mailing."""

    mailing_id: MailingId


class ResumeMailing(Command[MailingResumed | MailingRefused], frozen=True, kw_only=True):
    """Have a paused mailing go on."""

    mailing_id: MailingId


class CancelMailing(Command[MailingCancelled | MailingRefused], frozen=True, kw_only=True):
    """Stop a scheduled, running or paused mailing for good."""

    mailing_id: MailingId


class EditMailing(Command[EditingStarted | MailingRefused], frozen=True, kw_only=True):
    """Put another text into what was sent; file and buttons stay."""

    mailing_id: MailingId
    text: MailingText


class WithdrawMailing(Command[WithdrawalStarted | MailingRefused], frozen=True, kw_only=True):
    """Delete what was sent, as far as Telegram lets bots: for 48 hours."""

    mailing_id: MailingId
