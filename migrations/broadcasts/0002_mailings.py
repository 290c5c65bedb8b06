"""Mailings."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "broadcasts_0002"
down_revision = "broadcasts_0001"
branch_labels = None
depends_on = None

_STATES = "'draft', 'scheduled', 'running', 'paused', 'cancelled', 'finished', 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "mailings",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("author", sa.BigInteger, nullable=False),
        _text("state", server_default=sa.text("'draft'")),
        _text("before", server_default=sa.text("'draft'")),
        _text("work", server_default=sa.text("'send'")),
        sa.Column("number", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
        _text("title"),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("audience", JSONB, nullable=False),
        sa.Column("timing", JSONB, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        _moment("created_at", server_default=sa.func.now()),
        _moment("begins_at", nullable=True),
        _moment("started_at", nullable=True),
        _moment("ended_at", nullable=True),
        *_progress(),
        sa.PrimaryKeyConstraint("id", name="pk_mailings"),
        _check("mailings", "state_known", f"state IN ({_STATES})"),
        _check("mailings", "before_known", f"before IN ({_STATES})"),
        _check("mailings", "work_known", "work IN ('send', 'edit', 'withdraw')"),
        _check("mailings", "title_length", "char_length(title) BETWEEN 0 AND 64"),
        _check("mailings", "counts_people", "least(waiting, on_their_way, people) >= 0"),
    )
    op.create_index("ix_mailings_author", "mailings", ["author"])


def downgrade() -> None:
    op.drop_table("mailings")


def _progress() -> list[sa.Column[Any]]:
    return [
        _flag("gathering"),
        _count("gathered_to"),
        _count("waiting"),
        _count("on_their_way"),
        _count("done"),
        _count("failed"),
        _flag("halted"),
        _count("progress_version"),
        _moment("progressed_at", nullable=True),
        _count("progressed_ends"),
        sa.Column("rate", sa.Float, nullable=False, server_default=sa.text("0")),
    ]


def _text(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, **more)


def _moment(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **more)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
