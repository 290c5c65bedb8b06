"""The form for the time zone: chosen, named by a city, or found by a shared location."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import available_timezones

from aiogram.types import Location, Message

from contracts.base import Page
from contracts.people import ChangeSettings, SettingsChanged
from screens import people as screens
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Form, Offer, Unclear, Unfit, tidy
from services.bot.forms.fields import AnyMessage, Field
from services.bot.people.cities import City, cities_named
from services.bot.people.shown import ask_anew, settings

ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "Asia/Yekaterinburg",
    "Asia/Novosibirsk",
    "Asia/Vladivostok",
    "Asia/Tokyo",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
"""What is offered; any other can be typed, or found by a city or a place."""
NAMES = {name.casefold(): name for name in available_timezones()}
LONGEST = 64
"""Characters; no city has a longer name."""


@dataclass(frozen=True, kw_only=True)
class Zone(Field):
    """A time zone: a usual one to press; its name, a city or a location to send."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return Offer(tuple(_choice(zone, zone, conversation) for zone in ZONES), len(ZONES))

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        if message.location:
            return await _zone_at(message.location, conversation)
        if message.text is None:
            raise Unfit(screens.wants_place(conversation.say))
        place = tidy(message.text)
        zone = NAMES.get(place.casefold().replace(" ", "_"))
        return Answer(zone, zone) if zone else await _zone_of_city(place, conversation)


async def _zone_at(location: Location, conversation: Conversation) -> Answer:
    # Its data are 35 MB in memory: only whoever is sent a location has them.
    zone = await asyncio.to_thread(_look_up, location.latitude, location.longitude)
    if zone not in NAMES.values():
        raise Unfit(screens.nobodys_place(conversation.say))
    return Answer(zone, zone)


def _look_up(latitude: float, longitude: float) -> str:
    from tzfpy import get_tz

    return get_tz(longitude, latitude)


async def _zone_of_city(place: str, conversation: Conversation) -> Answer:
    found = await cities_named(place) if len(place) <= LONGEST else ()
    if not found:
        raise Unfit(screens.unknown_place(place, conversation.say))
    if len({city.zone for city in found}) == 1:
        return Answer(found[0].zone, found[0].zone)
    answers = tuple(_choice(_label(city, conversation), city.zone, conversation) for city in found)
    raise Unclear(screens.several_places(place, conversation.say), answers)


def _choice(place: str, zone: str, conversation: Conversation) -> Answer:
    now = datetime.now(UTC)
    return Answer(zone, screens.zone_choice(place, zone, now, conversation.say))


def _label(city: City, conversation: Conversation) -> str:
    return screens.city(city.name, city.region, city.country, conversation.say)


TIME_ZONE = Form(
    name="people.time_zone",
    command=ChangeSettings,
    fields=(
        Zone(
            name="time_zone",
            label=screens.time_zone_label,
            question=screens.ask_time_zone,
        ),
    ),
    done=SettingsChanged,
    home=settings,
    review=False,
    then=ask_anew,
)
