"""What links open, and for their person the addresses of those that work."""

from sqlalchemy import BigInteger, Text, bindparam, exists, func, or_, select

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
from database import files as tables
from database.reading import PERSON, Headed, Question, Reader
from services.link_signing import LinkSigner

router = Router()

LINKS = Question(
    select(tables.Link.id, tables.Link.expires_at, tables.Link.created_at)
    .where(
        tables.Link.person_id == PERSON,
        tables.Link.app == bindparam("app", type_=Text),
        tables.Link.target == bindparam("target", type_=Text),
        tables.Link.revoked_at.is_(None),
        or_(tables.Link.expires_at.is_(None), tables.Link.expires_at > func.now()),
    )
    .order_by(tables.Link.id.desc())
)

_ASKED = tables.Link.id == bindparam("link", type_=BigInteger)
_hidden = exists().where(
    tables.Claim.upload_id == tables.Upload.id,
    tables.Claim.app == tables.Upload.app,
    tables.Claim.person_id == tables.Upload.person_id,
    tables.Claim.hidden.is_(True),
)
LINK = Headed(
    select(
        tables.Link.person_id,
        tables.Link.app,
        tables.Link.title,
        tables.Link.revoked_at,
        (tables.Link.expires_at <= func.now()).label("has_ended"),
    ).where(_ASKED),
    select(
        tables.Upload.id.label("upload_id"),
        tables.Upload.file_name.label("name"),
        tables.Upload.mime_type,
        tables.Upload.size,
        tables.Upload.sha256,
    )
    .join(tables.Link, tables.Upload.id == func.any(tables.Link.upload_ids))
    .where(
        _ASKED,
        tables.Upload.person_id == tables.Link.person_id,
        tables.Upload.app == tables.Link.app,
        tables.Upload.state == "kept",
        ~_hidden,
    ),
    order=(func.array_position(tables.Link.upload_ids, tables.Upload.id),),
)
"""A link with its files; those in the trash, or gone, are left out."""


@router.handle
async def list_links(
    query: ListLinks, actor: Actor, db: Reader, signer: LinkSigner
) -> LinkList | NoLinks:
    if not signer.public_url:
        return NoLinks()
    rows = await db.rows(LINKS, person=actor.person, app=actor.app, target=query.target)
    links = [
        Link(
            link_id=row["id"],
            url=signer.url(row["id"], row["expires_at"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in rows
    ]
    return LinkList(links=tuple(links))


@router.handle
async def get_link(query: GetLink, db: Reader) -> LinkedFiles | DeadLink:
    """A link without any file is dead."""
    found = await db.page(LINK, link=query.link_id)
    if found is None:
        return DeadLink(reason="gone")
    link = found.head
    if link["revoked_at"]:
        return DeadLink(reason="revoked")
    if link["has_ended"]:
        return DeadLink(reason="expired")
    if not found.rows:
        return DeadLink(reason="gone")
    files = tuple(LinkedFile(**row) for row in found.rows)
    return LinkedFiles(
        person_id=link["person_id"], app=link["app"], title=link["title"], files=files
    )
