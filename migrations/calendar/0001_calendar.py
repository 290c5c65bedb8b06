"""Tasks, what was done of them, their owners, and feeds."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "calendar_0001"
down_revision = None
branch_labels = ("calendar",)
depends_on = "bus_0001"

# Bodies in RETURN form are parsed here and now: no search_path changes what they mean.

_FOLDED = """
CREATE FUNCTION calendar_search_folded(content text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN replace(lower(normalize(regexp_replace(content, '[[:space:]]+', ' ', 'g'))), 'ё', 'е')
"""

_TEXT = """
CREATE FUNCTION calendar_search_text(title text, note text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN calendar_search_folded(title) || E'\\n' || calendar_search_folded(note)
"""


def upgrade() -> None:
    for function in (_FOLDED, _TEXT):
        op.execute(function)
    _create_owners()
    _create_tasks()
    _create_indexes_of_tasks()
    _create_done()
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("person_id", name="uq_calendar_feeds_person_id"),
    )


def downgrade() -> None:
    for key in ("task", "digest", "calendar:purge"):
        op.execute(f"DELETE FROM scheduled WHERE key LIKE '{key}:%'")  # noqa: S608 # fixed words
    for table in ("feeds", "done", "tasks", "owners"):
        op.drop_table(f"calendar_{table}")
    op.execute("DROP FUNCTION calendar_search_text(text, text)")
    op.execute("DROP FUNCTION calendar_search_folded(text)")


def _create_owners() -> None:
    op.create_table(
        "calendar_owners",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column("time_zone", sa.Text, nullable=True),
        sa.Column("quiet_begins", sa.Text, nullable=True),
        sa.Column("quiet_ends", sa.Text, nullable=True),
        sa.Column("remind_before", sa.ARRAY(sa.Integer), nullable=True),
        sa.Column("digest_at", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("digest_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_owners"),
        _check("owners", "language_known", "language IN ('en', 'ru')"),
        _check("owners", "time_zone_length", "char_length(time_zone) BETWEEN 1 AND 64"),
        _check("owners", "quiet_hours_whole", "num_nulls(quiet_begins, quiet_ends) IN (0, 2)"),
    )


def _create_tasks() -> None:
    one, none = sa.text("1"), sa.text("'{}'")
    search_text = sa.Computed("calendar_search_text(title, note)", persisted=True)
    op.create_table(
        "calendar_tasks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("version", sa.Integer, nullable=False, server_default=one),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("anchor", sa.DateTime, nullable=False),
        sa.Column("occurrence", sa.DateTime, nullable=False),
        sa.Column("deadline", sa.DateTime, nullable=False),
        sa.Column("starts", sa.DateTime, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeat_every", sa.Text, nullable=True),
        sa.Column("repeat_days", sa.ARRAY(sa.Integer), nullable=False, server_default=none),
        sa.Column("repeat_interval", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("remind_before", sa.ARRAY(sa.Integer), nullable=True),
        _moment("created_at"),
        _moment("changed_at"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text, search_text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_tasks"),
        sa.UniqueConstraint("id", "person_id", name="uq_calendar_tasks_id_person_id"),
        _check("tasks", "title_length", "char_length(title) BETWEEN 1 AND 128"),
        _check("tasks", "note_length", "char_length(note) BETWEEN 0 AND 1000"),
        _check("tasks", "time_zone_length", "char_length(time_zone) BETWEEN 1 AND 64"),
        _check(
            "tasks",
            "repeat_every_known",
            "repeat_every IN ('day', 'weekday', 'week', 'month', 'days')",
        ),
    )


def _create_indexes_of_tasks() -> None:
    op.create_index(
        "ix_calendar_tasks_open",
        "calendar_tasks",
        ["person_id", "due_at", "id"],
        postgresql_where=sa.text("done_at IS NULL AND deleted_at IS NULL"),
    )
    op.create_index("ix_calendar_tasks_person_id_id", "calendar_tasks", ["person_id", "id"])


def _create_done() -> None:
    op.create_table(
        "calendar_done",
        sa.Column("task_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.DateTime, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("deadline", sa.DateTime, nullable=False),
        _moment("done_at"),
        sa.PrimaryKeyConstraint("task_id", "occurrence", name="pk_calendar_done"),
        sa.ForeignKeyConstraint(
            ["task_id", "person_id"],
            ["calendar_tasks.id", "calendar_tasks.person_id"],
            name="fk_calendar_done_calendar_tasks",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_calendar_done_newest",
        "calendar_done",
        ["person_id", sa.text("done_at DESC"), sa.text("task_id DESC")],
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_calendar_{table}_{name}"))


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
