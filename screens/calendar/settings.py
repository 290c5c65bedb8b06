"""The calendar's own settings: reminders and the digest, and the way to what others may see."""

from contracts.calendar import (
    CalendarSettings,
    CalendarSettingsChanged,
    DigestClock,
)
from contracts.screens import Screen
from screens import menu as every_menu
from screens.buttons import Row, button
from screens.calendar.buttons import (
    CalendarSettingsButton,
    DigestButton,
    ExportButton,
    FeedButton,
    RemindBeforeButton,
)
from screens.calendar.repeating import before_words
from screens.texts import Texts


def calendar_settings(found: CalendarSettings, say: Texts) -> Screen:
    lines = [
        say("Reminders: <b>{before}</b>", before=before_words(found.remind_before, say)),
        say("Digest of the day: <b>{clock}</b>", clock=digest_clock(found.digest_at, say)),
        _quiet(found, say),
    ]
    feed = say("Subscribing: <b>on</b>") if found.has_feed else say("Subscribing: <b>off</b>")
    back = button(say.plain("Back"), every_menu.SettingsButton())
    return Screen(text="\n".join([*lines, feed]), buttons=(_choices(say), _sharing(say), (back,)))


def calendar_settings_changed(event: CalendarSettingsChanged, say: Texts) -> Screen:
    lines = [
        say("Saved."),
        say("Reminders: <b>{before}</b>", before=before_words(event.remind_before, say)),
        say("Digest of the day: <b>{clock}</b>", clock=digest_clock(event.digest_at, say)),
    ]
    back = button(say.plain("Back"), CalendarSettingsButton())
    return Screen(text="\n".join(lines), buttons=(_choices(say), (back,)))


def digest_clock(digest_at: DigestClock, say: Texts) -> str:
    """Return when the digest comes, plain."""
    return digest_at or say.plain("off")


def digest_label(say: Texts) -> str:
    return say.plain("Digest of the day")


def ask_digest(say: Texts) -> str:
    return say(
        "When shall I tell you what the day holds? Choose, or send me the time, for example "
        "<code>8:30</code>."
    )


def wants_clock(say: Texts) -> str:
    return say("I cannot read that as a time of the day. Please write it like <code>8:30</code>.")


def which_clock(say: Texts) -> str:
    return say("Which of these do you mean?")


def no_digest(say: Texts) -> str:
    return say.plain("No digest")


def remind_before_label(say: Texts) -> str:
    return say.plain("Reminders")


def ask_remind_before(say: Texts) -> str:
    return say(
        "How long before a deadline shall I remind you? This is for every task that has no "
        "reminders of its own."
    )


def _choices(say: Texts) -> Row:
    return (
        button(say.plain("Reminders"), RemindBeforeButton()),
        button(say.plain("Digest of the day"), DigestButton()),
    )


def _sharing(say: Texts) -> Row:
    return (
        button(say.plain("Subscribe"), FeedButton()),
        button(say.plain("Send as a file"), ExportButton()),
    )


def _quiet(found: CalendarSettings, say: Texts) -> str:
    if found.quiet_hours is None:
        return say("Quiet hours: <b>none</b>")
    return say(
        "Quiet hours: <b>{begins} to {ends}</b>",
        begins=found.quiet_hours.begins,
        ends=found.quiet_hours.ends,
    )
