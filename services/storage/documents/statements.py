"""What adding documents asks and writes: statements made once, for making them takes longer.

Each is for several people at once, of whom each wants one document; they are told apart by person.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from database.base import table_of
from database.documents import (
    Document,
    DocumentType,
    DocumentVersion,
    File,
    VersionFile,
    size_kept,
)
from services.storage.columns import table_given

SAVED_WITHIN = timedelta(hours=23)
"""How long a file may become part of a document. Files that nothing claims are discarded after a
day; the last hour is left for a claim to arrive."""

PERSON = bindparam("person", type_=BigInteger)
_ALLOWED = bindparam("is_allowed", type_=Boolean)

_SENT = table_given(
    "sent",
    {
        "person": ("senders", BigInteger()),
        "position": ("positions", Integer()),
        "upload_id": ("uploads", Text()),
    },
)
"""The files that each person sent, in their order."""
_ASKED = table_given(
    "asked",
    {
        "person": ("people", BigInteger()),
        "type": ("types", BigInteger()),
        "name": ("names", Text()),
        "is_allowed": ("allowing", Boolean()),
    },
)
"""Under which type and name each wants a document, and whether its content may be there already."""

_namesake = aliased(Document)
_same_file = aliased(File)


def _has_name(
    document: type[Document], type_id: SQLColumnExpression[int], name: ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether a document has a name under a type, whatever the case."""
    return and_(
        document.type_id == type_id,
        func.lower(document.name) == func.lower(name),
        document.deleted_at.is_(None),
    )


def _files_of(person: ColumnElement[int]) -> Select[Any]:
    """What is known of the files that a person sent, in one row."""
    is_fresh = File.known_since > func.now() - SAVED_WITHIN
    can_be_saved = and_(File.person_id == person, is_fresh, not_(File.lost))
    return (
        select(
            func.array_agg(File.upload_id).label("known"),
            func.bool_and(can_be_saved).label("can_be_saved"),
            func.array_agg(File.traceparent).label("traceparents"),
            cast(func.coalesce(func.sum(File.size), 0), BigInteger).label("new"),
        )
        .select_from(_SENT)
        .join(File, File.upload_id == _SENT.c.upload_id)
        .where(_SENT.c.person == person)
    )


def _same_content(
    person: ColumnElement[int], is_allowed: ColumnElement[bool]
) -> Select[int, str, str]:
    """The newest document that has a file of the same bytes, in whatever version."""
    return (
        select(Document.id, Document.name, DocumentType.name.label("type_name"))
        .select_from(_SENT)
        .join(File, File.upload_id == _SENT.c.upload_id)
        .join(_same_file, _same_file.sha256 == File.sha256)
        .join(VersionFile, VersionFile.upload_id == _same_file.upload_id)
        .join(Document, Document.id == VersionFile.document_id)
        .join(DocumentType, DocumentType.id == Document.type_id)
        .where(
            _SENT.c.person == person,
            not_(is_allowed),
            _same_file.person_id == person,
            Document.deleted_at.is_(None),
        )
        .order_by(Document.added_at.desc(), Document.id.desc())
        .limit(1)
    )


def _documents_of(person: ColumnElement[int]) -> ColumnElement[int]:
    return select(func.count()).where(Document.person_id == person).scalar_subquery()


_files, _double = _files_of(PERSON).subquery(), _same_content(PERSON, _ALLOWED).subquery()
SENT = select(
    *_files.c,
    *(each.label(f"double_{each.name}") for each in _double.c),
    _documents_of(PERSON).label("documents"),
    size_kept(PERSON).scalar_subquery().label("size"),
).select_from(_files.outerjoin(_double, true()))
"""What is known of a person's files, of one that has the same content, and of all they have."""

_files_of_each = _files_of(_ASKED.c.person).lateral("files")
_double_of_each = _same_content(_ASKED.c.person, _ASKED.c.is_allowed).lateral("double")
WANTED = select(
    _ASKED.c.person,
    DocumentType.name.label("place"),
    _namesake.id.label("namesake_id"),
    _namesake.name.label("namesake_name"),
    *_files_of_each.c,
    *(each.label(f"double_{each.name}") for each in _double_of_each.c),
    _documents_of(_ASKED.c.person).label("documents"),
    size_kept(_ASKED.c.person).scalar_subquery().label("size"),
).select_from(
    _ASKED.join(_files_of_each, true())
    .outerjoin(
        DocumentType,
        and_(DocumentType.id == _ASKED.c.type, DocumentType.person_id == _ASKED.c.person),
    )
    .outerjoin(_namesake, _has_name(_namesake, DocumentType.id, _ASKED.c.name))
    .outerjoin(_double_of_each, true())
)
"""The same of each person, with the type, unless it is somebody else's, and who has the name."""

SAME_NAME = (
    select(Document.id, Document.name, DocumentType.name.label("type_name"))
    .join(DocumentType, DocumentType.id == Document.type_id)
    .where(
        Document.person_id == PERSON,
        _has_name(Document, bindparam("type", type_=BigInteger), bindparam("name", type_=Text)),
    )
)
"""The document that has a name under a type."""

_OF_VERSION = ("document_id", "number", "person_id")
_documents, _versions = table_of(Document), table_of(DocumentVersion)


def _files_with(versions: Any) -> Any:
    """Write the files of versions, by document, number and person: those that were sent."""
    files = select(*versions.c, _SENT.c.position, _SENT.c.upload_id).join(
        _SENT, _SENT.c.person == versions.c.person_id
    )
    return insert(table_of(VersionFile)).from_select([*_OF_VERSION, "position", "upload_id"], files)


def _written(versions: Select[int, int, int]) -> Any:
    columns = (_versions.c[name] for name in _OF_VERSION)
    return insert(_versions).from_select(_OF_VERSION, versions).returning(*columns).cte("version")


_new = (
    insert(_documents)
    .from_select(
        ["person_id", "type_id", "name"], select(_ASKED.c.person, _ASKED.c.type, _ASKED.c.name)
    )
    .on_conflict_do_nothing()
    .returning(_documents.c.id, _documents.c.person_id)
    .cte("document")
)
_first = _written(select(_new.c.id, literal(1, Integer), _new.c.person_id))
NEW_DOCUMENTS = select(_new.c.person_id, _new.c.id).add_cte(_files_with(_first).cte("file"))
"""Documents and their first versions; returns nothing of whose name another has."""

_next = _written(
    select(bindparam("document", type_=BigInteger), bindparam("number", type_=Integer), PERSON)
)
NEXT_VERSION = _files_with(_next)
"""A further version of a document."""
