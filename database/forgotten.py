"""Who was forgotten, for as long as something said of them before may still be heard."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import ONLY_STORAGE, Base


class Forgotten(Base):
    """Somebody who was forgotten, and when last: their number, and nothing else of them."""

    __tablename__ = "forgotten"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]

    __table_args__ = (Index(None, "at"), ONLY_STORAGE)
