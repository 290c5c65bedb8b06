"""A person's settings as people see them, and what became of a change of them."""

from datetime import datetime

from aiogram.filters.callback_data import CallbackData

from contracts.base import Language
from contracts.people import PersonErased, SettingsChanged, SettingsRefused
from contracts.screens import Screen
from screens.buttons import Row, button
from screens.forms import again
from screens.menu import SettingsButton, to_menu
from screens.texts import Texts, texts

LANGUAGES: dict[Language, str] = {"en": "English", "ru": "Русский"}


class LanguageButton(CallbackData, prefix="language"):
    """Speak another language."""

    language: Language


class TimeZoneButton(CallbackData, prefix="zone"):
    """Begin to choose another time zone."""


class EraseButton(CallbackData, prefix="erase"):
    """Forget the person: asked first, and done when `sure`."""

    sure: bool


def settings(language: Language, time_zone: str, now: datetime, say: Texts) -> Screen:
    text = say(
        "Language: <b>{language}</b>\nTime zone: <b>{time_zone}</b>, where it is {time} now",
        language=LANGUAGES[language],
        time_zone=time_zone,
        time=local_time(now, time_zone, say),
    )
    return Screen(text=text, buttons=_choices(say))


def local_time(now: datetime, time_zone: str, say: Texts) -> str:
    return say.moment(now, time_zone, "HH:mm")


def time_zone_label(say: Texts) -> str:
    return say.plain("Time zone")


def ask_time_zone(say: Texts) -> str:
    return say(
        "Choose your time zone, or send me its name, for example <code>Europe/Berlin</code>."
    )


def zone_choice(time_zone: str, now: datetime, say: Texts) -> str:
    """Return a zone as a button shows it: by its clock, people recognise theirs."""
    return f"{time_zone} · {local_time(now, time_zone, say)}"


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
        "Saved.\nLanguage: <b>{language}</b>\nTime zone: <b>{time_zone}</b>",
        language=LANGUAGES[event.language],
        time_zone=event.time_zone,
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


def person_erased(event: PersonErased, say: Texts) -> Screen:
    return Screen(text=say("You are forgotten. Write to me whenever you want to begin anew."))


def _choices(say: Texts) -> tuple[Row, ...]:
    languages = tuple(
        button(name, LanguageButton(language=language)) for language, name in LANGUAGES.items()
    )
    return (
        languages,
        (button(say.plain("Time zone"), TimeZoneButton()),),
        (button(say.plain("Forget me"), EraseButton(sure=False)),),
        (to_menu(say),),
    )
