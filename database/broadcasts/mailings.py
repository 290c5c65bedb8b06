"""Mailings, their recipients, and how it ended for how many."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.base import Language
from contracts.broadcasts import MailingState, MailingTitle, RecipientResult, Work
from contracts.files import FileKind
from database.base import Base, length_within, one_of

RecipientState = Literal["waiting", "addressed", "ended"]


class Mailing(Base):
    """A mailing. Whoever changes what it or its recipients are at holds its row.

    `number` counts its passes: 0 is the sending, each edit or the withdrawal is one more; `work` is
    what the pass does and `before` the state it began in. Of the pass's recipients, `gathered_to`
    is the last that has a row for it, while `gathering`; `waiting`, `on_their_way`, `done` and
    `failed` count them. `rate` is by the last two words of progress, at `progressed_at`, when
    `progressed_ends` had ended. `content`, `audience` and `timing` are as they travel.
    """

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    author: Mapped[int]
    state: Mapped[MailingState] = mapped_column(Text, server_default=text("'draft'"))
    before: Mapped[MailingState] = mapped_column(Text, server_default=text("'draft'"))
    work: Mapped[Work] = mapped_column(Text, server_default=text("'send'"))
    number: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    title: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB)
    timing: Mapped[dict[str, Any]] = mapped_column(JSONB)
    people: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    begins_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    gathering: Mapped[bool] = mapped_column(server_default=false())
    gathered_to: Mapped[int] = mapped_column(server_default=text("0"))
    waiting: Mapped[int] = mapped_column(server_default=text("0"))
    on_their_way: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    failed: Mapped[int] = mapped_column(server_default=text("0"))
    halted: Mapped[bool] = mapped_column(server_default=false())
    progress_version: Mapped[int] = mapped_column(server_default=text("0"))
    progressed_at: Mapped[datetime | None]
    progressed_ends: Mapped[int] = mapped_column(server_default=text("0"))
    rate: Mapped[float] = mapped_column(Float, server_default=text("0"))

    __table_args__ = (
        one_of("state", MailingState),
        one_of("before", MailingState),
        one_of("work", Work),
        length_within("title", MailingTitle),
        CheckConstraint("least(waiting, on_their_way, people) >= 0", name="counts_people"),
        Index(None, "author"),
    )


class MailingRecipient(Base):
    """A recipient of a mailing.

    `number` is the last pass that they are in, and `state` how far they are in it. `result` is how
    the sending ended, with what Telegram said of it, `changed` how the last pass since. They have
    the message `message_id`, NULL for none that is known. `tries` counts how often they were
    addressed anew because nothing was heard of it.
    """

    __tablename__ = "mailing_recipients"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(primary_key=True)
    app: Mapped[str]
    language: Mapped[Language]
    number: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    state: Mapped[RecipientState] = mapped_column(Text, server_default=text("'waiting'"))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    due_at: Mapped[datetime]
    addressed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    result: Mapped[RecipientResult] = mapped_column(Text, server_default=text("''"))
    changed: Mapped[RecipientResult] = mapped_column(Text, server_default=text("''"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))

    __table_args__ = (
        one_of("language", Language),
        one_of("state", RecipientState),
        one_of("result", RecipientResult),
        one_of("changed", RecipientResult),
        Index(
            "ix_mailing_recipients_waiting",
            "mailing_id",
            "number",
            "due_at",
            "person_id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_mailing_recipients_addressed",
            "mailing_id",
            "addressed_at",
            postgresql_where=text("state = 'addressed'"),
        ),
        Index(None, "person_id"),
    )


class MailingTally(Base):
    """For how many recipients a pass ended in one way within a minute; kept of forgotten ones, too.

    Where it turns out later that it ended otherwise, one is taken off by a negative count.
    """

    __tablename__ = "mailing_tallies"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    app: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    result: Mapped[RecipientResult] = mapped_column(Text, primary_key=True)
    people: Mapped[int]

    __table_args__ = (one_of("language", Language), one_of("result", RecipientResult))


class MailingFile(Base):
    """The id by which a bot knows a mailing's file; without one, who is being sent the bytes."""

    __tablename__ = "mailing_files"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True
    )
    app: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    asked_of: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("num_nulls(asked_at, asked_of) <> 1", name="asked_of_somebody"),
    )


class MailingUpload(Base):
    """What broadcasts knows of a file that was sent to its bot, told by the events of files."""

    __tablename__ = "broadcast_uploads"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    lost: Mapped[bool]
    kind: Mapped[str | None]
    file_id: Mapped[str | None]
    known_since: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        one_of("kind", FileKind),
        CheckConstraint("lost OR num_nulls(kind, file_id) = 0", name="described_unless_lost"),
        Index(None, "person_id"),
    )
