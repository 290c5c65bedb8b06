"""What the fields of the documents' messages may hold."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from contracts.files import UploadId

TypeId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
DocumentId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
Version = Annotated[int, Meta(gt=0)]
"""Counts the changes of a document: one that was made for an older version is refused."""
VersionNumber = Annotated[int, Meta(gt=0, le=2**31 - 1)]
"""Counts what a document consisted of; each number stands for other files."""
WRITTEN = r"[^\s\x00-\x1f\x7f-\x9f]"
"""A character of a name: neither space nor control."""
VISIBLE = (
    r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
"""A name holds at least one of these: one that joins or shapes others alone shows nothing."""
TypeName = Annotated[str, Meta(min_length=1, max_length=40, pattern=VISIBLE)]
Emoji = Annotated[str, Meta(max_length=16)]
DocumentName = Annotated[str, Meta(min_length=1, max_length=128, pattern=VISIBLE)]
Note = Annotated[str, Meta(max_length=1000)]
"""What a person wrote about a document, in lines; empty for nothing."""
UploadIds = Annotated[tuple[UploadId, ...], Meta(max_length=20)]
"""Files in their order."""
Moment = Annotated[datetime, Meta(tz=True)]
