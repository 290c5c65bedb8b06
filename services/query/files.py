"""What links open, and for their person the addresses of those that work."""

from sqlalchemy import exists, func, or_, select

from bus import Actor, Router
from contracts.files import (
    DeadLink,
    GetLink,
    Link,
    LinkedFile,
    LinkedFiles,
    LinkList,
    ListLinks,
    NoLinks,
)
from database import Session
from database import files as tables
from services.link_signing import LinkSigner

router = Router()


@router.handle
async def list_links(
    query: ListLinks, actor: Actor, db: Session, signer: LinkSigner
) -> LinkList | NoLinks:
    if not signer.public_url:
        return NoLinks()
    statement = (
        select(tables.Link)
        .where(
            tables.Link.person_id == actor.person,
            tables.Link.app == actor.app,
            tables.Link.target == query.target,
            tables.Link.revoked_at.is_(None),
            or_(tables.Link.expires_at.is_(None), tables.Link.expires_at > func.now()),
        )
        .order_by(tables.Link.id.desc())
    )
    links = [
        Link(
            link_id=link.id,
            url=signer.url(link.id, link.expires_at),
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
        for link in await db.scalars(statement)
    ]
    return LinkList(links=tuple(links))


@router.handle
async def get_link(query: GetLink, db: Session) -> LinkedFiles | DeadLink:
    """Files in the trash, or gone, are left out; a link without any is dead."""
    has_ended = (tables.Link.expires_at <= func.now()).label("has_ended")
    statement = select(tables.Link, has_ended).where(tables.Link.id == query.link_id)
    row = (await db.execute(statement)).one_or_none()
    if row is None:
        return DeadLink(reason="gone")
    link = row.Link
    if link.revoked_at:
        return DeadLink(reason="revoked")
    if row.has_ended:
        return DeadLink(reason="expired")
    files = await _files(link, db)
    if not files:
        return DeadLink(reason="gone")
    return LinkedFiles(person_id=link.person_id, app=link.app, title=link.title, files=files)


async def _files(link: tables.Link, db: Session) -> tuple[LinkedFile, ...]:
    upload, claim = tables.Upload, tables.Claim
    hidden = exists().where(
        claim.upload_id == upload.id,
        claim.app == upload.app,
        claim.person_id == upload.person_id,
        claim.hidden.is_(True),
    )
    statement = (
        select(
            upload.id.label("upload_id"),
            upload.file_name.label("name"),
            upload.mime_type,
            upload.size,
            upload.sha256,
        )
        .where(
            upload.id.in_(link.upload_ids),
            upload.person_id == link.person_id,
            upload.app == link.app,
            upload.state == "kept",
            ~hidden,
        )
        .order_by(func.array_position(link.upload_ids, upload.id))
    )
    rows = (await db.execute(statement)).mappings()
    return tuple(LinkedFile(**row) for row in rows)
