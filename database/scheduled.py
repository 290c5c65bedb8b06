"""Commands to come: what shall be published later, unless it is moved or cancelled before."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import ONLY_STORAGE, Base


class Scheduled(Base):
    """A command that is due at a moment; scheduled again under its key it moves.

    `command` is the message as it travels, `actor` who will act and `traceparent` the span that
    scheduled it, both as headers say them.
    """

    __tablename__ = "scheduled"

    key: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    command_subject: Mapped[str]
    command: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    traceparent: Mapped[str | None]

    __table_args__ = (Index(None, "due_at"), ONLY_STORAGE)
