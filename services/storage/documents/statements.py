"""What adding a document asks and writes: statements made once, for making them takes longer."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from contracts.documents import DocumentId
from database.base import table_of
from database.documents import (
    Document,
    DocumentType,
    DocumentVersion,
    File,
    VersionFile,
    size_kept,
)

SAVED_WITHIN = timedelta(hours=23)
"""How long a file may become part of a document. Files that nothing claims are discarded after a
day; the last hour is left for a claim to arrive."""

PERSON = bindparam("person", type_=BigInteger)
_TYPE = bindparam("type", type_=BigInteger)
_NAME = bindparam("name", type_=Text)
_UPLOADS: BindParameter[Sequence[str]] = bindparam("uploads", type_=ARRAY(Text))

_HAS_NAME = and_(
    Document.type_id == _TYPE,
    func.lower(Document.name) == func.lower(_NAME),
    Document.deleted_at.is_(None),
)
_SENT = File.upload_id == func.any(_UPLOADS)
_DESCRIBED = select(
    Document.id.label("document_id"), Document.name, DocumentType.name.label("type_name")
).join(DocumentType, DocumentType.id == Document.type_id)

PLACE = (
    select(DocumentType.name.label("type_name"), Document.id, Document.name)
    .outerjoin(Document, _HAS_NAME)
    .where(DocumentType.id == _TYPE, DocumentType.person_id == PERSON)
)
"""The type, unless it is somebody else's, with the document that has the name there, if any."""

SAME_NAME = _DESCRIBED.where(Document.person_id == PERSON, _HAS_NAME)
"""The document that has a name under a type."""

FILES = select(
    File.upload_id,
    File.person_id,
    File.lost,
    File.traceparent,
    (File.known_since > func.now() - SAVED_WITHIN).label("fresh"),
).where(_SENT)
"""What is known of the files that were sent."""

SAME_CONTENT = (
    _DESCRIBED.join(VersionFile, VersionFile.document_id == Document.id)
    .join(File, File.upload_id == VersionFile.upload_id)
    .where(
        File.person_id == PERSON,
        File.sha256.in_(select(File.sha256).where(_SENT)),
        Document.deleted_at.is_(None),
    )
    .order_by(Document.added_at.desc(), Document.id.desc())
    .limit(1)
)
"""The newest document that has a file of the same bytes, in whatever version."""

TURN = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("whose", type_=Text), literal(0)))
)
"""Lets one transaction at a time go on, of those that name the same."""

KEPT = select(
    select(func.count()).where(Document.person_id == PERSON).scalar_subquery().label("documents"),
    size_kept(PERSON).scalar_subquery().label("size"),
    select(cast(func.coalesce(func.sum(File.size), 0), BigInteger))
    .where(_SENT)
    .scalar_subquery()
    .label("new"),
)
"""How many documents a person has, the bytes of their files, and those of the files sent."""


def _with_files(versions: Select[int, int, int]) -> ReturningInsert[DocumentId]:
    """Write versions, by document, number and person, and their files: those that were sent."""
    key = ("document_id", "number", "person_id")
    table = table_of(DocumentVersion)
    version = insert(table).from_select(key, versions).returning(*(table.c[name] for name in key))
    written = version.cte("version")
    files = (
        func.unnest(_UPLOADS)
        .table_valued("upload_id", with_ordinality="position")
        .render_derived("files")
    )
    source = select(*written.c, files.c.position, files.c.upload_id)
    table = table_of(VersionFile)
    return (
        insert(table)
        .from_select(
            [*key, "position", "upload_id"], source.select_from(written.join(files, true()))
        )
        .returning(table.c.document_id)
    )


_documents = table_of(Document)
_new = (
    insert(_documents)
    .values(person_id=PERSON, type_id=_TYPE, name=_NAME)
    .on_conflict_do_nothing()
    .returning(_documents.c.id)
    .cte("document")
)

NEW_DOCUMENT = _with_files(select(_new.c.id, literal(1, Integer), PERSON))
"""A document and its first version; returns nothing where another has the name."""

NEXT_VERSION = _with_files(
    select(bindparam("document", type_=BigInteger), bindparam("number", type_=Integer), PERSON)
)
"""A further version of a document."""
