"""People: who writes to the bots, their language and time zone, and their wish to be forgotten."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.base import Command, Event, Language, PersonId, Query, Reply

TimeZoneName = Annotated[str, Meta(min_length=1, max_length=64)]
"""A name of the IANA database, e.g. `Europe/Moscow`."""


class PersonRemembered(Event, frozen=True, kw_only=True):
    """A person wrote to a bot; `new` when it was for the first time.

    Language and time zone are those they have chosen, None in events of before they were told.
    """

    person_id: PersonId
    app: str
    new: bool
    language: Language | None = None
    time_zone: TimeZoneName | None = None


class SettingsChanged(Event, frozen=True, kw_only=True):
    """A person's language and time zone, after the change."""

    person_id: PersonId
    language: Language
    time_zone: TimeZoneName


class SettingsRefused(Event, frozen=True, kw_only=True):
    """A setting was not changed."""

    person_id: PersonId
    reason: Literal["unknown_time_zone"]
    time_zone: str


class ReachabilityChanged(Event, frozen=True, kw_only=True):
    """A person blocked a bot, or let it write again."""

    person_id: PersonId
    app: str
    blocked: bool


class PersonErased(Event, frozen=True, kw_only=True):
    """A person is forgotten; every app erases what it keeps of them."""

    person_id: PersonId


class RememberPerson(Command[PersonRemembered], frozen=True, kw_only=True):
    """Note that the acting person was seen, with the language Telegram says they use."""

    language: Language
    time_zone: TimeZoneName


class ChangeSettings(Command[SettingsChanged | SettingsRefused], frozen=True, kw_only=True):
    """Change the acting person's language or time zone; what is None stays."""

    language: Language | None = None
    time_zone: TimeZoneName | None = None


class ChangeReachability(Command[ReachabilityChanged], frozen=True, kw_only=True):
    """Note that the acting person blocked this bot, or let it write again."""

    blocked: bool


class ErasePerson(Command[PersonErased], frozen=True, kw_only=True):
    """Forget the acting person."""


class Person(Reply, frozen=True, kw_only=True):
    """What is known of a person; `blocked` names the bots that may not write to them."""

    person_id: PersonId
    known: bool
    language: Language
    time_zone: TimeZoneName
    roles: tuple[str, ...]
    blocked: tuple[str, ...]


class GetPerson(Query[Person], frozen=True, kw_only=True):
    """Who is the acting person? `known` is false for somebody never seen."""
