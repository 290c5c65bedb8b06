"""What is asked about a person's clock: where they are, and when they want quiet."""

from datetime import datetime

from babel import Locale

from screens.people.settings import local_time
from screens.texts import Texts


def time_zone_label(say: Texts) -> str:
    return say.plain("Time zone")


def ask_time_zone(say: Texts) -> str:
    return say(
        "Where are you? Choose your time zone, or send me your city, for example "
        "<code>Berlin</code>.\n\n"
        "Or share your location: the paper clip, then “Location”. Only the time zone is kept "
        "of it."
    )


def zone_choice(place: str, time_zone: str, now: datetime, say: Texts) -> str:
    """Return a place or a zone as a button shows it: by its clock, people recognise theirs."""
    return f"{place} · {local_time(now, time_zone, say)}"


def city(name: str, region: str, country: str, say: Texts) -> str:
    """Return a city with its country, both by their codes, as a button shows it (plain)."""
    state = f", {region}" if country == "US" else ""
    return f"{name}{state}, {Locale(say.language).territories.get(country, country)}"


def unknown_place(text: str, say: Texts) -> str:
    return say(
        "I know no city and no time zone <b>{text}</b>. Please try a larger city nearby, or a "
        "name like <code>Europe/Berlin</code>.",
        text=text,
    )


def several_places(text: str, say: Texts) -> str:
    return say("There are several places named <b>{text}</b>. Which one is yours?", text=text)


def nobodys_place(say: Texts) -> str:
    return say("No time zone belongs to that place. Please choose one, or send me your city.")


def wants_place(say: Texts) -> str:
    return say("Please send me your city, a time zone or your location.")


def quiet_hours_label(say: Texts) -> str:
    return say.plain("Quiet hours")


def ask_quiet_hours(say: Texts) -> str:
    return say(
        "When shall I leave you in peace? What can wait then comes when those hours are over.\n\n"
        "Choose, or write them like <code>22-8</code> or <code>22:00-07:30</code>."
    )


def no_quiet_hours(say: Texts) -> str:
    return say.plain("None")


def wants_hours(say: Texts) -> str:
    return say(
        "I cannot read that as hours. Please write them like <code>22-8</code> or "
        "<code>22:00-07:30</code>."
    )
