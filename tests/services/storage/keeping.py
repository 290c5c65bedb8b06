"""Steps that stories about documents begin with."""

from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from contracts.base import PersonId
from contracts.documents import (
    AddDocument,
    AddType,
    DocumentAdded,
    DocumentId,
    TypeAdded,
    TypeId,
)
from contracts.files import TelegramFile, UploadId, UploadKept
from tests.services.acting import Acting


def new_upload_id() -> UploadId:
    """Return an id that no upload has yet."""
    return f"upload-{uuid4().hex}"


def upload_kept(
    person_id: PersonId,
    upload_id: UploadId,
    *,
    app: str = "documents",
    name: str = "scan.pdf",
    sent_at: datetime | None = None,
) -> UploadKept:
    """Return the event of a kept PDF of 1234 bytes, which no other upload has."""
    file = TelegramFile(
        kind="document", file_id="tg-1", name=name, mime_type="application/pdf", size=1234
    )
    digest = sha256(upload_id.encode()).hexdigest()
    return UploadKept(
        person_id=person_id,
        app=app,
        upload_id=upload_id,
        file=file,
        sha256=digest,
        size=1234,
        sent_at=sent_at,
    )


async def keep_upload(person: Acting) -> UploadId:
    """Have an upload kept, and return its id."""
    upload_id = new_upload_id()
    await person.hear(upload_kept(person.person, upload_id))
    return upload_id


async def add_type(person: Acting, name: str = "Passports") -> TypeId:
    """Add a type and return its id."""
    outcome = await person.do(AddType(name=name))
    assert isinstance(outcome, TypeAdded)
    return outcome.type_id


async def add_document(person: Acting, type_id: TypeId, name: str = "Passport") -> DocumentId:
    """Add a document of a newly kept upload and return its id."""
    upload_id = await keep_upload(person)
    outcome = await person.do(AddDocument(upload_ids=(upload_id,), type_id=type_id, name=name))
    assert isinstance(outcome, DocumentAdded)
    return outcome.document_id
