"""Who can be written to, by which bots, and who may send mailings."""

from datetime import datetime, time
from typing import Literal

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    Time,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language
from contracts.broadcasts import ListId
from contracts.people import TimeZoneName
from database.base import Base, length_within, one_of

Unreachable = Literal["blocked", "deactivated"]


class Reader(Base):
    """What broadcasts knows of a person, told by the events of people.

    The time zone is one that PostgreSQL knows; quiet hours are by that clock. `settings_at` and
    `opted_out_at` are when people changed them, NULL where that was never told.
    """

    __tablename__ = "broadcast_readers"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    time_zone: Mapped[str]
    quiet_begins: Mapped[time | None] = mapped_column(Time)
    quiet_ends: Mapped[time | None] = mapped_column(Time)
    opted_out: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    settings_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("language", Language),
        length_within("time_zone", TimeZoneName),
        CheckConstraint("num_nulls(quiet_begins, quiet_ends) <> 1", name="quiet_hours_end"),
    )


class Contact(Base):
    """A bot that a person wrote to, `last_active` to the hour; why it may not write to them.

    `changed_at` is when that was found out last, or that it may again.
    """

    __tablename__ = "broadcast_contacts"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    app: Mapped[str] = mapped_column(primary_key=True)
    last_active: Mapped[datetime] = mapped_column(server_default=func.now())
    unreachable: Mapped[str | None]
    changed_at: Mapped[datetime | None]

    __table_args__ = (one_of("unreachable", Unreachable),)


class Sender(Base):
    """Who may send mailings: an administrator, or who was granted the role.

    Who was and may not any more has a row, too: by `changed_at`, when the role was granted or
    revoked last, a grant of before is known to be heard of late.
    """

    __tablename__ = "broadcast_senders"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    admin: Mapped[bool] = mapped_column(server_default=false())
    granted: Mapped[bool] = mapped_column(server_default=false())
    changed_at: Mapped[datetime | None]


class PeopleList(Base):
    """A list of people that somebody uploaded."""

    __tablename__ = "broadcast_lists"

    id: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (length_within("id", ListId), Index(None, "author"))


class ListedPerson(Base):
    """A person on a list."""

    __tablename__ = "broadcast_list_people"

    list_id: Mapped[str] = mapped_column(
        ForeignKey("broadcast_lists.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(primary_key=True)

    __table_args__ = (Index(None, "person_id"),)
