"""Links to uploads are created and revoked by the person whose uploads they are."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.files import (
    LINKS_LIMIT,
    CreateLink,
    LinkCreated,
    LinkRefusal,
    LinkRefused,
    LinkRevoked,
    RevokeLink,
)
from database import Session
from database.files import Claim, Link, Upload
from services.storage.files.registration import router
from services.storage.turns import take_turns


@router.handle
async def create_link(command: CreateLink, actor: Actor, db: Session) -> LinkCreated | LinkRefused:
    await take_turns("files.links", [actor.person], db)
    if not await _are_linkable(command, actor, db):
        return _refused(actor, "no_such_file", command.target)
    if await _working_links(command, actor, db) >= LINKS_LIMIT:
        return _refused(actor, "too_many_links", command.target)
    created = (
        insert(Link)
        .values(
            person_id=actor.person,
            app=actor.app,
            target=command.target,
            title=command.title,
            upload_ids=list(command.upload_ids),
            expires_at=func.now() + timedelta(days=command.days) if command.days else None,
        )
        .returning(Link.id, Link.expires_at)
    )
    link = (await db.execute(created)).one()
    return LinkCreated(
        person_id=actor.person,
        app=actor.app,
        target=command.target,
        link_id=link.id,
        expires_at=link.expires_at,
    )


@router.handle
async def revoke_link(command: RevokeLink, actor: Actor, db: Session) -> LinkRevoked | LinkRefused:
    """A link that was revoked before is revoked."""
    revoked = (
        update(Link)
        .where(Link.id == command.link_id, _own(actor))
        .values(revoked_at=func.coalesce(Link.revoked_at, func.now()))
        .returning(Link.target)
    )
    target = await db.scalar(revoked)
    if target is None:
        return _refused(actor, "no_such_link")
    return LinkRevoked(
        person_id=actor.person, app=actor.app, target=target, link_id=command.link_id
    )


async def _are_linkable(command: CreateLink, actor: Actor, db: Session) -> bool:
    """Tell whether all uploads are the actor's own, kept, and not in the trash."""
    hidden = exists().where(
        Claim.upload_id == Upload.id,
        Claim.app == Upload.app,
        Claim.person_id == Upload.person_id,
        Claim.hidden.is_(True),
    )
    linkable = select(func.count()).where(
        Upload.id.in_(command.upload_ids),
        Upload.person_id == actor.person,
        Upload.app == actor.app,
        Upload.state == "kept",
        ~hidden,
    )
    return await db.scalar(linkable) == len(set(command.upload_ids))


async def _working_links(command: CreateLink, actor: Actor, db: Session) -> int:
    working = select(func.count()).where(
        _own(actor),
        Link.target == command.target,
        Link.revoked_at.is_(None),
        or_(Link.expires_at.is_(None), Link.expires_at > func.now()),
    )
    return await db.scalar(working) or 0


def _refused(actor: Actor, reason: LinkRefusal, target: str = "") -> LinkRefused:
    return LinkRefused(person_id=actor.person, app=actor.app, reason=reason, target=target)


def _own(actor: Actor) -> ColumnElement[bool]:
    return (Link.person_id == actor.person) & (Link.app == actor.app)
