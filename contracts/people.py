"""People: who writes to the bots, their settings and roles, and their wish to be forgotten."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from contracts.base import Command, Event, Language, PersonId, Query, Reply

TimeZoneName = Annotated[str, Meta(min_length=1, max_length=64)]
"""A name of the IANA database, e.g. `Europe/Moscow`."""

LocalClock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day by somebody's own clock, e.g. `07:30`."""

Category = Literal["news", "offers", "surveys"]
"""What a mailing is about; people opt out of each by itself."""

Role = Literal["broadcaster"]
"""What an administrator may let others do: a broadcaster sends mailings."""

ReachabilityReason = Literal["blocked", "deactivated", "unblocked", ""]
"""The person blocked the bot, their account is gone, or they write again; empty in messages of
before it was told."""


ChangedAt = Annotated[datetime, Meta(tz=True)]
"""Events are handled in any order: who keeps what one tells leaves it where theirs is newer."""


class QuietHours(Struct, frozen=True, kw_only=True):
    """The part of a day in which a person wants nothing that can wait, by their own clock.

    From `begins` until before `ends`, past midnight where `ends` is earlier; never both the same.
    """

    begins: LocalClock
    ends: LocalClock


class PersonRemembered(Event, frozen=True, kw_only=True):
    """A person wrote to a bot; `new` when it was for the first time to any.

    `app` is the bot they wrote to; it is told about once an hour. Language and time zone are those
    they have chosen, at `seen_at`; each is None in events of before it was told.
    """

    person_id: PersonId
    app: str
    new: bool
    language: Language | None = None
    time_zone: TimeZoneName | None = None
    quiet_hours: QuietHours | None = None
    seen_at: ChangedAt | None = None


class SettingsChanged(Event, frozen=True, kw_only=True):
    """A person's language, time zone and quiet hours, after the change at `changed_at`."""

    person_id: PersonId
    language: Language
    time_zone: TimeZoneName
    quiet_hours: QuietHours | None = None
    changed_at: ChangedAt | None = None


class SettingsRefused(Event, frozen=True, kw_only=True):
    """A setting was not changed."""

    person_id: PersonId
    reason: Literal["unknown_time_zone"]
    time_zone: str


class OptOutsChanged(Event, frozen=True, kw_only=True):
    """The categories of mailings that a person does not want, after the change of `category`."""

    person_id: PersonId
    category: Category
    opted_out: tuple[Category, ...]
    changed_at: ChangedAt | None = None


class ReachabilityChanged(Event, frozen=True, kw_only=True):
    """A bot may no longer write to a person, or may again."""

    person_id: PersonId
    app: str
    blocked: bool
    reason: ReachabilityReason = ""
    changed_at: ChangedAt | None = None


class RoleGranted(Event, frozen=True, kw_only=True):
    """A person has a role, from now on or already; `granted_by` is the acting administrator."""

    person_id: PersonId
    role: Role
    granted_by: PersonId
    changed_at: ChangedAt | None = None


class RoleRevoked(Event, frozen=True, kw_only=True):
    """A person no longer has a role."""

    person_id: PersonId
    role: Role
    revoked_by: PersonId
    changed_at: ChangedAt | None = None


class RoleRefused(Event, frozen=True, kw_only=True):
    """A role stays as it was: only administrators grant and revoke.

    `unknown_person` never wrote to a bot of the installation, or is forgotten.
    """

    person_id: PersonId
    role: Role
    reason: Literal["not_permitted", "unknown_person", "not_held"]


class PersonErased(Event, frozen=True, kw_only=True):
    """A person is forgotten; every app erases what it keeps of them."""

    person_id: PersonId


class RememberPerson(Command[PersonRemembered], frozen=True, kw_only=True):
    """Note that the acting person was seen, with the language Telegram says they use.

    Whoever writes to a bot can be reached there.
    """

    language: Language
    time_zone: TimeZoneName


class ChangeSettings(Command[SettingsChanged | SettingsRefused], frozen=True, kw_only=True):
    """Change the acting person's language or time zone; what is None stays."""

    language: Language | None = None
    time_zone: TimeZoneName | None = None


class ChangeQuietHours(Command[SettingsChanged], frozen=True, kw_only=True):
    """Change the acting person's quiet hours; None, or both ends the same, for none."""

    quiet_hours: QuietHours | None


class ChangeOptOuts(Command[OptOutsChanged], frozen=True, kw_only=True):
    """Note that the acting person wants no mailings of a category, or wants them again."""

    category: Category
    opted_out: bool


class ChangeReachability(Command[ReachabilityChanged], frozen=True, kw_only=True):
    """Note that this bot may no longer write to the acting person, or may again, and why."""

    blocked: bool
    reason: ReachabilityReason = ""


class GrantRole(Command[RoleGranted | RoleRefused], frozen=True, kw_only=True):
    """Give a person a role; the acting person has to be an administrator."""

    person_id: PersonId
    role: Role


class RevokeRole(Command[RoleRevoked | RoleRefused], frozen=True, kw_only=True):
    """Take a role from a person; the acting person has to be an administrator."""

    person_id: PersonId
    role: Role


class ErasePerson(Command[PersonErased], frozen=True, kw_only=True):
    """Forget the acting person."""


class Person(Reply, frozen=True, kw_only=True):
    """What is known of a person; `blocked` names the bots that may not write to them.

    `roles` are `admin`, for who is named in the setting ADMINS, and those granted.
    """

    person_id: PersonId
    known: bool
    language: Language
    time_zone: TimeZoneName
    roles: tuple[str, ...]
    blocked: tuple[str, ...]
    quiet_hours: QuietHours | None = None
    opted_out: tuple[Category, ...] = ()


class GetPerson(Query[Person], frozen=True, kw_only=True):
    """Who is the acting person? `known` is false for somebody never seen."""


class RoleHolder(Struct, frozen=True, kw_only=True):
    """A person with a role, who granted it (None for somebody forgotten since), and when."""

    person_id: PersonId
    granted_by: PersonId | None
    granted_at: Annotated[datetime, Meta(tz=True)]


class RoleHolders(Reply, frozen=True, kw_only=True):
    """Who has a role, who got it first at the front; at most 100."""

    role: Role
    holders: tuple[RoleHolder, ...]


class RolesHidden(Reply, frozen=True, kw_only=True):
    """Who has a role is told to administrators only."""


class ListRoleHolders(Query[RoleHolders | RolesHidden], frozen=True, kw_only=True):
    """Who has a role? The acting person has to be an administrator."""

    role: Role
