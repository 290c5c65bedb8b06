"""Recipients of mailings, how it ended for how many, and files as bots know them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "broadcasts_0003"
down_revision = "broadcasts_0002"
branch_labels = None
depends_on = None

_RESULTS = (
    "'', 'told', 'blocked', 'deactivated', 'refused', 'too_late', 'fate_unknown', 'opted_out',"
    " 'unreachable', 'no_file'"
)


def upgrade() -> None:
    _create_recipients()
    _create_indexes()
    _create_tallies()
    _create_files()
    _create_uploads()


def downgrade() -> None:
    for table in ("broadcast_uploads", "mailing_files", "mailing_tallies", "mailing_recipients"):
        op.drop_table(table)


def _create_recipients() -> None:
    op.create_table(
        "mailing_recipients",
        sa.Column("mailing_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        _text("app"),
        _text("language"),
        sa.Column("number", sa.Integer, nullable=False, server_default=sa.text("0")),
        _text("state", server_default=sa.text("'waiting'")),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        _moment("due_at"),
        _moment("addressed_at", nullable=True),
        _moment("told_at", nullable=True),
        sa.Column("message_id", sa.BigInteger, nullable=True),
        _text("result", server_default=sa.text("''")),
        _text("changed", server_default=sa.text("''")),
        _text("reason", server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("mailing_id", "person_id", name="pk_mailing_recipients"),
        _of_mailing("mailing_recipients"),
        _check("mailing_recipients", "language_known", "language IN ('en', 'ru')"),
        _check("mailing_recipients", "state_known", "state IN ('waiting', 'addressed', 'ended')"),
        _check("mailing_recipients", "result_known", f"result IN ({_RESULTS})"),
        _check("mailing_recipients", "changed_known", f"changed IN ({_RESULTS})"),
    )


def _create_indexes() -> None:
    for state, columns in (
        ("waiting", ["mailing_id", "number", "due_at", "person_id"]),
        ("addressed", ["mailing_id", "addressed_at"]),
    ):
        op.create_index(
            f"ix_mailing_recipients_{state}",
            "mailing_recipients",
            columns,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_index("ix_mailing_recipients_person_id", "mailing_recipients", ["person_id"])


def _create_tallies() -> None:
    op.create_table(
        "mailing_tallies",
        sa.Column("mailing_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _moment("minute"),
        _text("app"),
        _text("language"),
        _text("result"),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "mailing_id",
            "number",
            "minute",
            "app",
            "language",
            "result",
            name="pk_mailing_tallies",
        ),
        _of_mailing("mailing_tallies"),
        _check("mailing_tallies", "language_known", "language IN ('en', 'ru')"),
        _check("mailing_tallies", "result_known", f"result IN ({_RESULTS})"),
    )


def _create_files() -> None:
    op.create_table(
        "mailing_files",
        sa.Column("mailing_id", sa.BigInteger, nullable=False),
        _text("app"),
        _text("file_id", nullable=True),
        _moment("asked_at", nullable=True),
        sa.Column("asked_of", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("mailing_id", "app", name="pk_mailing_files"),
        _of_mailing("mailing_files"),
        _check("mailing_files", "asked_of_somebody", "num_nulls(asked_at, asked_of) <> 1"),
    )


def _create_uploads() -> None:
    op.create_table(
        "broadcast_uploads",
        _text("upload_id"),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False),
        _text("kind", nullable=True),
        _text("file_id", nullable=True),
        _moment("known_since", server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("upload_id", name="pk_broadcast_uploads"),
        _check("broadcast_uploads", "kind_known", "kind IN ('document', 'photo')"),
        _check(
            "broadcast_uploads", "described_unless_lost", "lost OR num_nulls(kind, file_id) = 0"
        ),
    )
    op.create_index("ix_broadcast_uploads_person_id", "broadcast_uploads", ["person_id"])


def _text(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, **more)


def _moment(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **more)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_mailing(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["mailing_id"], ["mailings.id"], name=f"fk_{table}_mailings", ondelete="CASCADE"
    )
