"""Which messages each handler of storage has handled, and what they said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import ONLY_STORAGE, Base


class Handled(Base):
    """A handled message: repeated, it is not handled again, but says the same again.

    `outcome` is `{"subject": ..., "payload": ...}`, NULL for a handled event; `events` is a list
    of such. The payloads are the messages as they travel.
    """

    __tablename__ = "handled"

    handler: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    events: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'")
    )
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    # Rows older than the streams they deduplicate are removed by age.
    __table_args__ = (Index(None, "at"), ONLY_STORAGE)
