"""What people choose for themselves: language, time zone, quiet hours, and no mailings."""

from typing import Any, get_args
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.people import (
    Category,
    ChangeOptOuts,
    ChangeQuietHours,
    ChangeSettings,
    OptOutsChanged,
    SettingsChanged,
    SettingsRefused,
)
from database import Session
from database.people import OptOut, Person
from services.storage.people.holding import hold
from services.storage.people.registration import router

UTC = "UTC"
ZONES = {name.casefold(): name for name in available_timezones()}
"""The names of the IANA database by how people may type them."""
CATEGORIES: tuple[Category, ...] = get_args(Category)


@router.handle
async def change_settings(
    command: ChangeSettings, actor: Actor, db: Session
) -> SettingsChanged | SettingsRefused:
    zone = None if command.time_zone is None else zone_named(command.time_zone)
    if command.time_zone is not None and zone is None:
        return SettingsRefused(
            person_id=actor.person, reason="unknown_time_zone", time_zone=command.time_zone
        )
    changes = {
        "language": func.coalesce(command.language, Person.language),
        "time_zone": func.coalesce(zone, Person.time_zone),
    }
    return await _changed(actor.person, changes, db, language=command.language, zone=zone)


@router.handle
async def change_quiet_hours(
    command: ChangeQuietHours, actor: Actor, db: Session
) -> SettingsChanged:
    wanted = command.quiet_hours
    if wanted and wanted.begins == wanted.ends:
        wanted = None
    changes = {
        "quiet_from": wanted.begins if wanted else None,
        "quiet_until": wanted.ends if wanted else None,
    }
    return await _changed(actor.person, changes, db)


@router.handle
async def change_opt_outs(command: ChangeOptOuts, actor: Actor, db: Session) -> OptOutsChanged:
    """The same twice changes nothing; also for somebody of whom nothing else is known yet."""
    changed_at = await hold(actor.person, db)
    if command.opted_out:
        opted_out = insert(OptOut).values(person_id=actor.person, category=command.category)
        await db.execute(opted_out.on_conflict_do_nothing())
    else:
        await db.execute(
            delete(OptOut).where(
                OptOut.person_id == actor.person, OptOut.category == command.category
            )
        )
    found = await db.scalars(select(OptOut.category).where(OptOut.person_id == actor.person))
    left = set(found)
    return OptOutsChanged(
        person_id=actor.person,
        category=command.category,
        opted_out=tuple(category for category in CATEGORIES if category in left),
        changed_at=changed_at,
    )


def zone_named(text: str) -> str | None:
    """Return the zone whose name somebody typed, None if there is none."""
    return ZONES.get(text.strip().casefold())


async def _changed(
    person_id: int,
    changes: dict[str, Any],
    db: Session,
    *,
    language: str | None = None,
    zone: str | None = None,
) -> SettingsChanged:
    """Change a person, who begins with that language and zone if they are not known yet."""
    given = {name: value for name, value in changes.items() if name.startswith("quiet")}
    newcomer = insert(Person).values(
        id=person_id, language=language or "en", time_zone=zone or UTC, **given
    )
    changed = newcomer.on_conflict_do_update(index_elements=[Person.id], set_=changes)
    # By the clock while the row is held: of two changes the later one has the later time.
    returned = changed.returning(Person, func.clock_timestamp())
    person, changed_at = (await db.execute(returned)).one()
    return SettingsChanged(
        person_id=person_id,
        language=person.language,
        time_zone=person.time_zone,
        quiet_hours=person.quiet_hours,
        changed_at=changed_at,
    )
