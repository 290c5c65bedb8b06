"""Reports on a mailing, sent to a chat as a file or a picture."""

from typing import Literal

from contracts.base import ChatId, Command, Event, PersonId
from contracts.broadcasts.fields import App, MailingId

ReportKind = Literal["xlsx", "chart"]
"""A sheet with every recipient, or a picture of the results and the pace."""


class ReportSent(Event, frozen=True, kw_only=True):
    """A report is in the chat."""

    person_id: PersonId
    mailing_id: MailingId
    kind: ReportKind


class ReportNotSent(Event, frozen=True, kw_only=True):
    """A report was not sent: there is no such mailing, or the person blocked the bot."""

    person_id: PersonId
    mailing_id: MailingId
    kind: ReportKind
    reason: Literal["no_such_mailing", "unreachable"]


class SendReport(Command[ReportSent | ReportNotSent], frozen=True, kw_only=True):
    """Make a report of a mailing and send it to a chat of the acting bot."""

    app: App
    chat_id: ChatId
    mailing_id: MailingId
    kind: ReportKind
