"""Files: what became of each upload, which apps refer to it, and the links that open it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ARRAY, CheckConstraint, Identity, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.files import FileKind, LinkTarget, LinkTitle
from database.base import Base, length_within, one_of

State = Literal["kept", "lost", "discarded"]


class Upload(Base):
    """An upload and its state; of one that was lost at once, no more is known than that.

    `file_id` is the one Telegram knew last, `size` is in bytes, as kept.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    app: Mapped[str]
    state: Mapped[str]
    lost_reason: Mapped[str | None]
    kind: Mapped[str | None]
    file_id: Mapped[str | None]
    file_name: Mapped[str | None]
    mime_type: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    kept_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("state", State),
        one_of("kind", FileKind),
        CheckConstraint(
            "state = 'lost' OR"
            " num_nulls(kind, file_id, file_name, mime_type, size, sha256, kept_at) = 0",
            name="described_once_kept",
        ),
        CheckConstraint("(state = 'lost') = (lost_reason IS NOT NULL)", name="lost_for_a_reason"),
        Index(None, "person_id"),
    )


class Claim(Base):
    """An app refers to an upload; it may say so before the upload itself is known here.

    `hidden` while that is in the trash; `version` is the newest change of it that was heard of.
    """

    __tablename__ = "upload_claims"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    app: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (Index(None, "person_id"),)


class Link(Base):
    """A link; what opens it is made of its id, and kept nowhere."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    app: Mapped[str]
    target: Mapped[str]
    title: Mapped[str]
    upload_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        length_within("target", LinkTarget),
        length_within("title", LinkTitle),
        Index(None, "person_id", "app", "target"),
    )
