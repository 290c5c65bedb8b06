"""What the events of files write, of several at once: statements made once."""

from sqlalchemy import func, literal, null
from sqlalchemy.dialects.postgresql import insert

from database.base import table_of
from database.files import Claim, Upload
from services.storage.columns import insert_given, rows_given

_uploads, _claims = table_of(Upload), table_of(Claim)

_DESCRIBED = ("app", "kind", "file_id", "file_name", "mime_type", "size", "sha256")
_given = rows_given(_uploads, ("id", "person_id", *_DESCRIBED))
_kept = insert(_uploads).from_select(
    [*(each.name for each in _given.c), "state", "kept_at"],
    _given.select().add_columns(literal("kept"), func.now()),
)
KEPT = _kept.on_conflict_do_update(
    index_elements=[_uploads.c.id],
    set_={name: _kept.excluded[name] for name in (*_DESCRIBED, "state", "kept_at")}
    | {"lost_reason": null()},
    # What was known as kept once is not kept anew by the same event said twice.
    where=_uploads.c.kept_at.is_(None) & (_uploads.c.person_id == _kept.excluded.person_id),
).returning(_uploads.c.id, _uploads.c.kept_at)
"""Files and what is known of them; returns when those were kept that were not before."""

CLAIMED = insert_given(_claims, ("upload_id", "app", "person_id")).on_conflict_do_nothing()
"""That apps refer to uploads."""
