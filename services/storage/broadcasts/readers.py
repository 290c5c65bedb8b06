"""Who can be written to and by which bots, as the events of people tell it."""

from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, func, update
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
from services.storage.forgotten import forgotten_since
from services.storage.newer import is_news


@router.handle
async def note_activity_on_person_remembered(
    event: PersonRemembered, db: Session, admins: Admins
) -> None:
    """Whoever writes is there: nothing that was unreachable before is so for their account.

    Settings that were changed stay: this may be said later than the change.
    """
    if await forgotten_since(event.person_id, event.seen_at, db):
        return
    if event.language is not None and event.time_zone is not None:
        settings = _settings(event.language, event.time_zone, event.quiet_hours)
        reader = insert(Reader).values(person_id=event.person_id, **settings)
        await db.execute(
            reader.on_conflict_do_update(
                index_elements=[Reader.person_id],
                set_=settings,
                where=Reader.settings_at.is_(None),
            )
        )
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
    if await forgotten_since(event.person_id, event.changed_at, db):
        return
    settings = _settings(event.language, event.time_zone, event.quiet_hours)
    settings["settings_at"] = event.changed_at
    reader = insert(Reader).values(person_id=event.person_id, **settings)
    await db.execute(
        reader.on_conflict_do_update(
            index_elements=[Reader.person_id],
            set_=settings,
            where=is_news(Reader.settings_at, event.changed_at),
        )
    )


@router.handle
async def note_opt_outs_on_opt_outs_changed(event: OptOutsChanged, db: Session) -> None:
    """It may be heard of before the person is: then nothing else is known of them yet."""
    if await forgotten_since(event.person_id, event.changed_at, db):
        return
    opted_out = {"opted_out": sorted(event.opted_out), "opted_out_at": event.changed_at}
    unknown = {"language": "en", "time_zone": "UTC"}
    reader = insert(Reader).values(person_id=event.person_id, **unknown, **opted_out)
    await db.execute(
        reader.on_conflict_do_update(
            index_elements=[Reader.person_id],
            set_=opted_out,
            where=is_news(Reader.opted_out_at, event.changed_at),
        )
    )


@router.handle
async def note_blocked_on_reachability_changed(event: ReachabilityChanged, db: Session) -> None:
    """A deactivated account is unreachable by every bot, a blocked bot by that one."""
    found_out = {"changed_at": event.changed_at}
    theirs = (
        Contact.person_id == event.person_id,
        is_news(Contact.changed_at, event.changed_at),
    )
    by_this_bot = (*theirs, Contact.app == event.app)
    if not event.blocked:
        await db.execute(update(Contact).where(*by_this_bot).values(unreachable=None, **found_out))
        await _is_back(db, event.person_id, *theirs)
        return
    reason: Unreachable = "deactivated" if event.reason == "deactivated" else "blocked"
    concerned = theirs if reason == "deactivated" else by_this_bot
    await db.execute(update(Contact).where(*concerned).values(unreachable=reason, **found_out))


async def _is_back(db: Session, person_id: int, *narrowed: ColumnElement[bool]) -> None:
    deactivated = (Contact.person_id == person_id, Contact.unreachable == "deactivated")
    await db.execute(update(Contact).where(*deactivated, *narrowed).values(unreachable=None))


def _settings(language: str, time_zone: str, quiet: QuietHours | None) -> dict[str, Any]:
    return {
        "language": language,
        "time_zone": func.broadcast_zone(time_zone),
        "quiet_begins": time.fromisoformat(quiet.begins) if quiet else None,
        "quiet_ends": time.fromisoformat(quiet.ends) if quiet else None,
    }
