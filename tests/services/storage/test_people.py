"""People are remembered once, choose for themselves, and are forgotten when they wish."""

from functools import partial
from typing import TypeVar

import pytest
from msgspec.structs import replace

from contracts.base import Event
from contracts.people import (
    ChangeOptOuts,
    ChangeQuietHours,
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    GetPerson,
    GrantRole,
    ListRoleHolders,
    OptOutsChanged,
    Person,
    PersonErased,
    PersonRemembered,
    QuietHours,
    ReachabilityChanged,
    RememberPerson,
    RevokeRole,
    RoleGranted,
    RoleHolder,
    RoleHolders,
    RoleRefused,
    RoleRevoked,
    RolesHidden,
    SettingsChanged,
    SettingsRefused,
)
from database import people as tables
from tests.services.acting import Acting

EventT = TypeVar("EventT", bound=Event)

RUSSIAN = RememberPerson(language="ru", time_zone="Europe/Moscow")
NIGHT = QuietHours(begins="22:00", ends="07:30")
ENGLISH = RememberPerson(language="en", time_zone="Asia/Tokyo")


async def seen(person: Acting) -> tables.Person:
    async with person.databases.storage() as db:
        return await db.get_one(tables.Person, person.person)


async def test_a_person_is_new_once(somebody: Acting) -> None:
    for new in (True, False):
        assert await somebody.do(RUSSIAN) == PersonRemembered(
            person_id=somebody.person,
            app="documents",
            new=new,
            language="ru",
            time_zone="Europe/Moscow",
        )


async def test_a_second_sight_moves_last_seen_and_nothing_chosen(somebody: Acting) -> None:
    await somebody.do(RUSSIAN)
    before = await seen(somebody)

    await somebody.do(ENGLISH)

    after = await seen(somebody)
    assert after.last_seen > before.last_seen
    assert after.first_seen == before.first_seen
    assert (after.language, after.time_zone) == ("ru", "Europe/Moscow")


async def test_an_unknown_zone_at_first_sight_becomes_utc(somebody: Acting) -> None:
    await somebody.do(RememberPerson(language="en", time_zone="Mars/Olympus"))

    assert (await somebody.ask(GetPerson())).time_zone == "UTC"


async def test_an_administrator_is_one_for_as_long_as_the_settings_say(somebody: Acting) -> None:
    await somebody.do(RUSSIAN)
    assert (await somebody.ask(GetPerson())).roles == ()

    somebody.admins = frozenset({somebody.person})
    for _ in range(2):
        await somebody.do(RUSSIAN)
        assert (await somebody.ask(GetPerson())).roles == ("admin",)

    somebody.admins = frozenset()
    await somebody.do(RUSSIAN)
    assert (await somebody.ask(GetPerson())).roles == ()


@pytest.mark.parametrize(
    ("change", "language", "zone"),
    [
        (ChangeSettings(), "ru", "Europe/Moscow"),
        (ChangeSettings(language="en"), "en", "Europe/Moscow"),
        (ChangeSettings(time_zone=" asia/TOKYO "), "ru", "Asia/Tokyo"),
        (ChangeSettings(language="en", time_zone="UTC"), "en", "UTC"),
    ],
)
async def test_settings_change_as_far_as_they_are_given(
    somebody: Acting, change: ChangeSettings, language: str, zone: str
) -> None:
    await somebody.do(RUSSIAN)

    outcome = await somebody.do(change)

    assert isinstance(outcome, SettingsChanged)
    assert (outcome.language, outcome.time_zone) == (language, zone)
    person = await somebody.ask(GetPerson())
    assert (person.language, person.time_zone) == (language, zone)


async def test_an_unknown_zone_is_refused_and_changes_nothing(somebody: Acting) -> None:
    await somebody.do(RUSSIAN)

    outcome = await somebody.do(ChangeSettings(language="en", time_zone="Mars/Olympus"))

    assert outcome == SettingsRefused(
        person_id=somebody.person, reason="unknown_time_zone", time_zone="Mars/Olympus"
    )
    assert (await somebody.ask(GetPerson())).language == "ru"


async def test_settings_of_somebody_unknown_are_kept(somebody: Acting) -> None:
    outcome = await somebody.do(ChangeSettings(language="ru"))

    assert isinstance(outcome, SettingsChanged)
    assert (outcome.person_id, outcome.time_zone) == (somebody.person, "UTC")
    assert (await somebody.ask(GetPerson())).known


async def test_quiet_hours_are_kept_told_of_and_given_up(somebody: Acting) -> None:
    await somebody.do(RUSSIAN)

    changed = await somebody.do(ChangeQuietHours(quiet_hours=NIGHT))

    spoken = await somebody.do(ChangeSettings(language="en"))
    assert isinstance(spoken, SettingsChanged)
    assert changed == SettingsChanged(
        person_id=somebody.person,
        language="ru",
        time_zone="Europe/Moscow",
        quiet_hours=NIGHT,
        changed_at=changed.changed_at,
    )
    assert changed.changed_at
    assert spoken.changed_at
    assert changed.changed_at < spoken.changed_at
    assert spoken.quiet_hours == NIGHT
    assert (await somebody.do(RUSSIAN)).quiet_hours == NIGHT
    assert (await somebody.ask(GetPerson())).quiet_hours == NIGHT
    never = QuietHours(begins="09:00", ends="09:00")
    for none in (never, None):
        assert (await somebody.do(ChangeQuietHours(quiet_hours=none))).quiet_hours is None
        assert (await somebody.ask(GetPerson())).quiet_hours is None


async def test_quiet_hours_of_somebody_unknown_are_kept(somebody: Acting) -> None:
    await somebody.do(ChangeQuietHours(quiet_hours=NIGHT))

    assert (await somebody.ask(GetPerson())).quiet_hours == NIGHT


async def test_people_opt_out_of_each_category_by_itself(
    somebody: Acting, somebody_else: Acting
) -> None:
    for _ in range(2):
        out = await somebody.do(ChangeOptOuts(category="surveys", opted_out=True))
        assert out.opted_out == ("surveys",)
    await somebody.do(RUSSIAN)
    out = await somebody.do(ChangeOptOuts(category="news", opted_out=True))
    assert timeless(out) == OptOutsChanged(
        person_id=somebody.person, category="news", opted_out=("news", "surveys")
    )
    assert (await somebody.ask(GetPerson())).opted_out == ("news", "surveys")
    assert (await somebody_else.ask(GetPerson())).opted_out == ()

    back = await somebody.do(ChangeOptOuts(category="surveys", opted_out=False))
    assert back.opted_out == ("news",)
    assert out.changed_at
    assert back.changed_at
    assert out.changed_at < back.changed_at


async def test_administrators_alone_grant_and_revoke_roles(
    somebody: Acting, somebody_else: Acting
) -> None:
    admin, other = somebody, somebody_else
    grant = GrantRole(person_id=other.person, role="broadcaster")
    revoke = RevokeRole(person_id=other.person, role="broadcaster")
    refused = partial(RoleRefused, person_id=other.person, role="broadcaster")
    assert await admin.do(grant) == refused(reason="not_permitted")
    assert await admin.do(revoke) == refused(reason="not_permitted")
    admin.admins = frozenset({admin.person})
    assert await admin.do(grant) == refused(reason="unknown_person")
    await other.do(RUSSIAN)
    await admin.do(RUSSIAN)

    for _ in range(2):
        assert timeless(await admin.do(grant)) == RoleGranted(
            person_id=other.person, role="broadcaster", granted_by=admin.person
        )
    assert (await other.ask(GetPerson())).roles == ("broadcaster",)
    assert await other.ask(ListRoleHolders(role="broadcaster")) == RolesHidden()
    holder = await holder_of_role(admin, other)
    assert holder.granted_by == admin.person

    # Who granted it is forgotten; the role stays.
    await admin.do(ErasePerson())
    await admin.do(RUSSIAN)
    assert (await holder_of_role(admin, other)).granted_by is None

    assert timeless(await admin.do(revoke)) == RoleRevoked(
        person_id=other.person, role="broadcaster", revoked_by=admin.person
    )
    assert await admin.do(revoke) == refused(reason="not_held")
    assert (await other.ask(GetPerson())).roles == ()


def timeless(event: EventT) -> EventT:
    """Return an event without the time of the change, which it has."""
    assert getattr(event, "changed_at", None)
    return replace(event, changed_at=None)


async def holder_of_role(admin: Acting, other: Acting) -> RoleHolder:
    found = await admin.ask(ListRoleHolders(role="broadcaster"))
    assert isinstance(found, RoleHolders)
    (holder,) = (each for each in found.holders if each.person_id == other.person)
    return holder


async def test_who_writes_again_can_be_reached_again(somebody: Acting) -> None:
    changed = partial(ReachabilityChanged, person_id=somebody.person, app="documents")
    await somebody.do(RUSSIAN)

    for _ in range(2):
        gone = await somebody.do(ChangeReachability(blocked=True, reason="deactivated"))
        assert timeless(gone) == changed(blocked=True, reason="deactivated")
        assert (await somebody.ask(GetPerson())).blocked == ("documents",)
    for _ in range(2):
        await somebody.do(RUSSIAN)

    assert [timeless(event) for event in somebody.events] == [
        changed(blocked=False, reason="unblocked")
    ]
    assert (await somebody.ask(GetPerson())).blocked == ()

    await somebody.do(ChangeReachability(blocked=True, reason="blocked"))
    await somebody.do(ChangeReachability(blocked=False, reason="unblocked"))
    assert (await somebody.ask(GetPerson())).blocked == ()


async def test_of_somebody_unknown_no_block_is_noted(somebody: Acting) -> None:
    outcome = await somebody.do(ChangeReachability(blocked=True))

    assert isinstance(outcome, ReachabilityChanged)
    assert not (await somebody.ask(GetPerson())).known


async def test_an_erased_person_is_unknown_and_others_stay(
    somebody: Acting, somebody_else: Acting
) -> None:
    for person in (somebody, somebody_else):
        await person.do(RUSSIAN)
        await person.do(ChangeReachability(blocked=True))
        await person.do(ChangeOptOuts(category="news", opted_out=True))

    for _ in range(2):
        assert await somebody.do(ErasePerson()) == PersonErased(person_id=somebody.person)

    assert await somebody.ask(GetPerson()) == Person(
        person_id=somebody.person,
        known=False,
        language="en",
        time_zone="UTC",
        roles=(),
        blocked=(),
    )
    left = await somebody_else.ask(GetPerson())
    assert (left.blocked, left.opted_out) == (("documents",), ("news",))
