"""Who can be written to and by which bots, as the events of people tell it."""

from datetime import time
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from contracts.people import (
    OptOutsChanged,
    PersonRemembered,
    QuietHours,
    ReachabilityChanged,
    SettingsChanged,
)
from database import Session
from database.broadcasts import Contact, Reader, Unreachable
from services.admins import Admins
from services.storage.broadcasts.registration import router
from services.storage.broadcasts.senders import note_administrator


@router.handle
async def note_activity_on_person_remembered(
    event: PersonRemembered, db: Session, admins: Admins
) -> None:
    """Whoever writes is there: nothing that was unreachable before is so for their account.

    The settings of somebody known stay: this may be said later than a change of them.
    """
    if event.language is not None and event.time_zone is not None:
        settings = _settings(event.language, event.time_zone, event.quiet_hours)
        reader = insert(Reader).values(person_id=event.person_id, **settings)
        await db.execute(reader.on_conflict_do_nothing())
    contact = insert(Contact).values(person_id=event.person_id, app=event.app)
    await db.execute(
        contact.on_conflict_do_update(
            index_elements=[Contact.person_id, Contact.app],
            set_={"last_active": func.now(), "unreachable": None},
        )
    )
    await _is_back(db, event.person_id)
    await note_administrator(db, event.person_id, admins)


@router.handle
async def note_settings_on_settings_changed(event: SettingsChanged, db: Session) -> None:
    settings = _settings(event.language, event.time_zone, event.quiet_hours)
    reader = insert(Reader).values(person_id=event.person_id, **settings)
    await db.execute(reader.on_conflict_do_update(index_elements=[Reader.person_id], set_=settings))


@router.handle
async def note_opt_outs_on_opt_outs_changed(event: OptOutsChanged, db: Session) -> None:
    """It may be heard of before the person is: then nothing else is known of them yet."""
    opted_out = {"opted_out": sorted(event.opted_out)}
    unknown = {"language": "en", "time_zone": "UTC"}
    reader = insert(Reader).values(person_id=event.person_id, **unknown, **opted_out)
    await db.execute(
        reader.on_conflict_do_update(index_elements=[Reader.person_id], set_=opted_out)
    )


@router.handle
async def note_blocked_on_reachability_changed(event: ReachabilityChanged, db: Session) -> None:
    """A deactivated account is unreachable by every bot, a blocked bot by that one."""
    if not event.blocked:
        this = (Contact.person_id == event.person_id, Contact.app == event.app)
        await db.execute(update(Contact).where(*this).values(unreachable=None))
        await _is_back(db, event.person_id)
        return
    reason: Unreachable = "deactivated" if event.reason == "deactivated" else "blocked"
    concerned = [Contact.person_id == event.person_id]
    if reason == "blocked":
        concerned.append(Contact.app == event.app)
    await db.execute(update(Contact).where(*concerned).values(unreachable=reason))


async def _is_back(db: Session, person_id: int) -> None:
    deactivated = (Contact.person_id == person_id, Contact.unreachable == "deactivated")
    await db.execute(update(Contact).where(*deactivated).values(unreachable=None))


def _settings(language: str, time_zone: str, quiet: QuietHours | None) -> dict[str, Any]:
    return {
        "language": language,
        "time_zone": func.broadcast_zone(time_zone),
        "quiet_begins": time.fromisoformat(quiet.begins) if quiet else None,
        "quiet_ends": time.fromisoformat(quiet.ends) if quiet else None,
    }
