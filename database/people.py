"""People: who writes to the bots."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language
from contracts.people import TimeZoneName
from database.base import Base, length_within, one_of


class Person(Base):
    """A person, by Telegram's id, which is the same in every bot."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    time_zone: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    first_seen: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        one_of("language", Language),
        length_within("time_zone", TimeZoneName),
    )


class Blocked(Base):
    """A bot that a person does not let write to them."""

    __tablename__ = "people_blocked"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    app: Mapped[str] = mapped_column(primary_key=True)
