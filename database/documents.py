"""Documents: types, documents under them, and the files that documents may consist of."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Select,
    UniqueConstraint,
    cast,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language
from contracts.documents import DocumentName, Emoji, Note, TypeName
from contracts.files import FileKind
from contracts.people import TimeZoneName
from database.base import Base, length_within, one_of


class Owner(Base):
    """What documents knows of a person, told by the events of people.

    `settings_at` is when people changed them, NULL where that was never told.
    """

    __tablename__ = "document_owners"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    time_zone: Mapped[str]
    settings_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("language", Language),
        length_within("time_zone", TimeZoneName),
    )


class DocumentType(Base):
    """A type of documents; its name is unique for its person, whatever the case."""

    __tablename__ = "document_types"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    name: Mapped[str]
    emoji: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        length_within("name", TypeName),
        length_within("emoji", Emoji),
        UniqueConstraint("id", "person_id"),  # what documents refer to
        Index("uq_document_types_person_id_name", "person_id", text("lower(name)"), unique=True),
    )


class File(Base):
    """What documents knows of a file that was sent to its bot, told by the events of files.

    A lost file can no more become a document; one that never was kept is not described.
    `traceparent` is the span in which it was heard of, as a header says it.
    """

    __tablename__ = "document_files"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    lost: Mapped[bool]
    kind: Mapped[str | None]
    file_id: Mapped[str | None]
    file_name: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    known_since: Mapped[datetime] = mapped_column(server_default=func.now())
    traceparent: Mapped[str | None]

    __table_args__ = (
        one_of("kind", FileKind),
        CheckConstraint(
            "lost OR num_nulls(kind, file_id, file_name, size, sha256) = 0",
            name="described_unless_lost",
        ),
        UniqueConstraint("upload_id", "person_id"),  # what documents refer to
        Index(
            "ix_document_files_same_content",
            "person_id",
            "sha256",
            postgresql_include=["upload_id", "size"],  # what all of a person's files take
        ),
    )


class Document(Base):
    """A document; its name is unique under its type among those that are not deleted.

    `version` counts its changes; `current` is the number of the version of its files in use.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    type_id: Mapped[int]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    current: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    reminding: Mapped[bool] = mapped_column(server_default=true())
    # What search reads; the functions are made by migration 0003.
    search_text: Mapped[str] = mapped_column(
        Computed("document_search_text(name, note)", persisted=True), deferred=True
    )
    search_marks: Mapped[list[int]] = mapped_column(
        ARRAY(Integer),
        Computed(
            "document_search_marks(person_id, document_search_text(name, note))", persisted=True
        ),
        deferred=True,
    )

    __table_args__ = (
        length_within("name", DocumentName),
        length_within("note", Note),
        # With the person: no document comes under a type of somebody else.
        ForeignKeyConstraint(["type_id", "person_id"], [DocumentType.id, DocumentType.person_id]),
        UniqueConstraint("id", "person_id"),  # what versions refer to
        Index(
            "uq_documents_type_id_name",
            "type_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_documents_listed",
            "type_id",
            text("added_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_documents_newest",
            "person_id",
            text("added_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_documents_trash",
            "person_id",
            text("deleted_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index(
            "ix_documents_search_marks",
            "search_marks",
            postgresql_using="gin",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(None, "person_id"),
    )


class DocumentVersion(Base):
    """What a document consisted of since a moment; its first version has the number 1."""

    __tablename__ = "document_versions"

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        ForeignKeyConstraint(
            ["document_id", "person_id"], [Document.id, Document.person_id], ondelete="CASCADE"
        ),
        UniqueConstraint("document_id", "number", "person_id"),  # what its files refer to
        Index(None, "person_id"),
    )


class VersionFile(Base):
    """A file of a version of a document; `position` orders them, from 1."""

    __tablename__ = "document_version_files"

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[int]
    upload_id: Mapped[str]

    __table_args__ = (
        # With the person: no document consists of a file of somebody else.
        ForeignKeyConstraint(
            ["document_id", "number", "person_id"],
            [DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.person_id],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["upload_id", "person_id"], [File.upload_id, File.person_id]),
        Index(None, "person_id"),
        Index(None, "upload_id"),
    )


def size_kept(person_id: int | ColumnElement[int]) -> Select[int]:
    """Return the bytes of all files in a person's documents: older versions and the trash, too.

    A file counts once, in however many documents it is. It is of the same person as they are:
    said of both, an index tells all.
    """
    used = select(VersionFile.upload_id).where(VersionFile.person_id == person_id)
    used = used.correlate_except(VersionFile)  # the person may be a column of what is around it
    size = cast(func.coalesce(func.sum(File.size), 0), BigInteger)
    return select(size).where(File.person_id == person_id, File.upload_id.in_(used))
