"""A person's settings: language, time zone, quiet hours."""

from datetime import datetime

from contracts.base import Language
from contracts.people import Person, QuietHours, SettingsChanged, SettingsRefused
from contracts.screens import Screen
from screens.buttons import Row, button
from screens.forms import again
from screens.menu import SettingsButton, to_menu
from screens.people.buttons import (
    EraseButton,
    LanguageButton,
    MailingsButton,
    QuietHoursButton,
    TimeZoneButton,
)
from screens.texts import Texts, texts

LANGUAGES: dict[Language, str] = {"en": "English", "ru": "Русский"}


def settings(person: Person, now: datetime, say: Texts) -> Screen:
    text = say(
        "Language: <b>{language}</b>\n"
        "Time zone: <b>{time_zone}</b>, where it is {time} now\n"
        "Quiet hours: <b>{hours}</b>",
        language=LANGUAGES[person.language],
        time_zone=person.time_zone,
        time=local_time(now, person.time_zone, say),
        hours=hours(person.quiet_hours, say),
    )
    return Screen(text=text, buttons=_choices(say))


def local_time(now: datetime, time_zone: str, say: Texts) -> str:
    return say.moment(now, time_zone, "HH:mm")


def hours(quiet_hours: QuietHours | None, say: Texts) -> str:
    """Return quiet hours in a few signs (plain)."""
    if quiet_hours is None:
        return say.plain("none")
    return f"{quiet_hours.begins}–{quiet_hours.ends}"


def confirm_erasure(say: Texts) -> Screen:
    return Screen(
        text=say(
            "Shall I forget you? Everything you keep in all our bots is erased, "
            "files included. This cannot be undone."
        ),
        buttons=(
            (button(say.plain("Yes, forget me"), EraseButton(sure=True)),),
            (button(say.plain("Back"), SettingsButton()),),
        ),
    )


def settings_changed(event: SettingsChanged, say: Texts) -> Screen:
    # Whoever chose another language wants to read it now; a caller may know the old one only.
    say = texts(event.language)
    text = say(
        "Saved.\n"
        "Language: <b>{language}</b>\n"
        "Time zone: <b>{time_zone}</b>\n"
        "Quiet hours: <b>{hours}</b>",
        language=LANGUAGES[event.language],
        time_zone=event.time_zone,
        hours=hours(event.quiet_hours, say),
    )
    return Screen(text=text, buttons=_choices(say))


def settings_refused(event: SettingsRefused, say: Texts) -> Screen:
    match event.reason:
        case "unknown_time_zone":
            text = say(
                "I know no time zone <b>{time_zone}</b>. "
                "Names look like <code>Europe/Berlin</code>.",
                time_zone=event.time_zone,
            )
            other = again(say.plain("Another time zone"), "time_zone", event.time_zone)
            return Screen(text=text, buttons=((other,),))


def _choices(say: Texts) -> tuple[Row, ...]:
    languages = tuple(
        button(name, LanguageButton(language=language)) for language, name in LANGUAGES.items()
    )
    return (
        languages,
        (
            button(say.plain("Time zone"), TimeZoneButton()),
            button(say.plain("Quiet hours"), QuietHoursButton()),
        ),
        (button(say.plain("Mailings"), MailingsButton()),),
        (button(say.plain("Forget me"), EraseButton(sure=False)),),
        (to_menu(say),),
    )
