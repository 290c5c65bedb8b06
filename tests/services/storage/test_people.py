"""People are remembered once, choose for themselves, and are forgotten when they wish."""

import pytest

from contracts.people import (
    ChangeOptOuts,
    ChangeQuietHours,
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    GetPerson,
    Person,
    PersonErased,
    PersonRemembered,
    QuietHours,
    RememberPerson,
    SettingsChanged,
    SettingsRefused,
)
from database import people as tables
from tests.services.acting import Acting

RUSSIAN = RememberPerson(language="ru", time_zone="Europe/Moscow")
NIGHT = QuietHours(begins="22:00", ends="07:30")
ENGLISH = RememberPerson(language="en", time_zone="Asia/Tokyo")


async def seen(person: Acting) -> tables.Person:
    async with person.databases.storage() as db:
        return await db.get_one(tables.Person, person.person)


async def test_a_person_is_new_once(somebody: Acting) -> None:
    for new in (True, False):
        remembered = await somebody.do(RUSSIAN)
        assert remembered == PersonRemembered(
            person_id=somebody.person,
            app="documents",
            new=new,
            language="ru",
            time_zone="Europe/Moscow",
            seen_at=remembered.seen_at,
        )
        assert remembered.seen_at


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
