"""A link that can open nothing any more is forgotten: its title is what somebody wrote."""

from sqlalchemy import any_, delete, exists, literal, select

from contracts.base import PersonId
from contracts.files import UploadId
from database import Session
from database.files import Link, Upload


async def forget_links(db: Session, upload_id: UploadId, person_id: PersonId) -> None:
    """Forget the links to a discarded upload that lead to no kept one.

    They are held first: of two transactions that discard the last two uploads, the later one sees
    what the earlier one did.
    """
    to_upload = (Link.person_id == person_id, literal(upload_id) == any_(Link.upload_ids))
    found = await db.scalars(select(Link.id).where(*to_upload).order_by(Link.id).with_for_update())
    opens_something = exists().where(Upload.id == any_(Link.upload_ids), Upload.state == "kept")
    await db.execute(delete(Link).where(Link.id.in_(found.all()), ~opens_something))
