"""What people see: pure functions from messages to text, buttons and files, one module an app."""

import importlib

from contracts.base import Event, app_of, name_of
from contracts.broadcasts import ListDiscarded, MailingContinued, MailingPreviewed, ReportSent
from contracts.calendar import (
    CalendarSent,
    DigestSkipped,
    TaskPurged,
    TaskReminderSkipped,
    TaskSpared,
)
from contracts.documents import DocumentPurged, DocumentSpared, ReminderSkipped
from contracts.files import UploadDiscarded, UploadInUse, UploadKept, UploadSent
from contracts.people import PersonRemembered, ReachabilityChanged
from contracts.screens import Button, Screen
from screens.texts import Texts

SILENT: dict[type[Event], str] = {
    PersonRemembered: "nobody asked to be remembered, and it happens at every first message",
    ReachabilityChanged: "a person who blocked the bot cannot be told, and knows it",
    UploadKept: "people are told that their document is saved, not how its bytes travel",
    UploadSent: "the file in the chat is the answer",
    UploadDiscarded: "the clock tidies up; nobody saved that upload",
    UploadInUse: "the clock found nothing to tidy up",
    DocumentPurged: "the person deleted it a month ago, and was told the day",
    DocumentSpared: "the clock found nothing to purge",
    ReminderSkipped: "the clock found nothing to remind of",
    MailingPreviewed: "the notifier shows the message itself, as its recipients will see it",
    MailingContinued: "the clock looks after a mailing; how far it is has a message of its own",
    ListDiscarded: "the clock tidies up; no mailing used that list",
    ReportSent: "the file in the chat is the answer",
    TaskReminderSkipped: "the clock found nothing to remind of",
    DigestSkipped: "the clock found no digest to be told",
    TaskPurged: "the person deleted it a month ago, or did it a year ago",
    TaskSpared: "the clock found nothing to purge",
    CalendarSent: "the file in the chat is the answer",
}
"""Outcomes that are never shown to a person, and why."""


class NoScreenError(LookupError):
    """An event can be shown to nobody: its app's screens have no function of its name."""


def screen_of(event: Event, say: Texts) -> Screen | None:
    """Return how an outcome looks, in time or late; None for a silent one.

    Raises NoScreenError for an event that has neither a screen nor a reason to be silent.
    """
    if type(event) in SILENT:
        return None
    app, name = app_of(type(event)), name_of(type(event))
    try:
        draw = getattr(importlib.import_module(f"screens.{app}"), name)
    except (ImportError, AttributeError) as error:
        raise NoScreenError(f"screens/{app}.py has no function {name}") from error
    screen: Screen | None = draw(event, say)
    return screen


def own_settings(app: str, say: Texts) -> tuple[tuple[Button, ...], ...]:
    """Return the rows that an app adds to a person's settings: its screens' `settings_rows`."""
    draw = getattr(importlib.import_module(f"screens.{app}"), "settings_rows", None)
    rows: tuple[tuple[Button, ...], ...] = draw(say) if draw else ()
    return rows
