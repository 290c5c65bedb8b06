"""People: who writes to the bots, what they want to be told, and what they may do."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language
from contracts.people import Category, QuietHours, ReachabilityReason, Role, TimeZoneName
from database.base import Base, length_within, one_of


class Person(Base):
    """A person, by Telegram's id, which is the same in every bot.

    `quiet_from` and `quiet_until` are clocks such as `22:00`, both or neither.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    time_zone: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Those that the settings give, which is `admin` alone; others are granted."""
    first_seen: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen: Mapped[datetime] = mapped_column(server_default=func.now())
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]

    __table_args__ = (
        one_of("language", Language),
        length_within("time_zone", TimeZoneName),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_whole"),
    )

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The part of a day in which they want nothing that can wait, None for none."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(begins=self.quiet_from, ends=self.quiet_until)


class Blocked(Base):
    """A bot that cannot write to a person, since when and why."""

    __tablename__ = "people_blocked"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    app: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[ReachabilityReason] = mapped_column(Text, server_default="")
    since: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (one_of("reason", ReachabilityReason),)


class OptOut(Base):
    """A category of mailings that a person does not want; also of somebody not known yet."""

    __tablename__ = "people_opt_outs"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[Category] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (one_of("category", Category),)


class Grant(Base):
    """A role of a person, and who granted it, unless that person is forgotten."""

    __tablename__ = "people_roles"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[Role] = mapped_column(Text, primary_key=True)
    granted_by: Mapped[int | None]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (one_of("role", Role),)
