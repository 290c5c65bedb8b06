"""Who can be written to, by which bots, and lists of people."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "broadcasts_0001"
down_revision = None
branch_labels = ("broadcasts",)
depends_on = ("people_0001", "documents_0004")

# The names of zones that Python knows are not all known to every PostgreSQL: one unknown name among
# many people would fail the statement for all of them.
_ZONE = """
CREATE FUNCTION broadcast_zone(zone text) RETURNS text STABLE LANGUAGE plpgsql AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$
"""

# When somebody may be told what is due at a moment: then, or when their quiet hours end.
_DUE = """
CREATE FUNCTION broadcast_due(at timestamptz, zone text, begins time, ends time)
RETURNS timestamptz STABLE PARALLEL SAFE LANGUAGE sql
RETURN CASE
    WHEN begins IS NULL THEN at
    WHEN begins <= ends AND (at AT TIME ZONE zone)::time >= begins
        AND (at AT TIME ZONE zone)::time < ends
        THEN (date_trunc('day', at AT TIME ZONE zone) + ends) AT TIME ZONE zone
    WHEN begins > ends AND (at AT TIME ZONE zone)::time < ends
        THEN (date_trunc('day', at AT TIME ZONE zone) + ends) AT TIME ZONE zone
    WHEN begins > ends AND (at AT TIME ZONE zone)::time >= begins
        THEN (date_trunc('day', at AT TIME ZONE zone) + interval '1 day' + ends) AT TIME ZONE zone
    ELSE at
END
"""

# Whoever is known already had one bot to write to.
_KNOWN = """
INSERT INTO broadcast_readers (person_id, language, time_zone)
    SELECT id, language, broadcast_zone(time_zone) FROM people;
INSERT INTO broadcast_contacts (person_id, app, last_active, unreachable)
    SELECT people.id, 'documents', people.last_seen,
        CASE WHEN people_blocked.app IS NOT NULL THEN 'blocked' END
    FROM people
    JOIN document_owners ON document_owners.person_id = people.id
    LEFT JOIN people_blocked
        ON people_blocked.person_id = people.id AND people_blocked.app = 'documents';
"""


def upgrade() -> None:
    op.execute(_ZONE)
    op.execute(_DUE)
    _create_readers()
    _create_contacts()
    _create_senders()
    _create_lists()
    for statement in _KNOWN.strip().removesuffix(";").split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("list_people", "lists", "senders", "contacts", "readers"):
        op.drop_table(f"broadcast_{table}")
    op.execute("DROP FUNCTION broadcast_due(timestamptz, text, time, time)")
    op.execute("DROP FUNCTION broadcast_zone(text)")


def _create_readers() -> None:
    op.create_table(
        "broadcast_readers",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        _text("language"),
        _text("time_zone"),
        sa.Column("quiet_begins", sa.Time, nullable=True),
        sa.Column("quiet_ends", sa.Time, nullable=True),
        sa.Column("opted_out", sa.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("person_id", name="pk_broadcast_readers"),
        _check("broadcast_readers", "language_known", "language IN ('en', 'ru')"),
        _check("broadcast_readers", "time_zone_length", "char_length(time_zone) BETWEEN 1 AND 64"),
        _check("broadcast_readers", "quiet_hours_end", "num_nulls(quiet_begins, quiet_ends) <> 1"),
    )


def _create_contacts() -> None:
    op.create_table(
        "broadcast_contacts",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        _text("app"),
        _moment("last_active", server_default=sa.func.now()),
        _text("unreachable", nullable=True),
        sa.PrimaryKeyConstraint("person_id", "app", name="pk_broadcast_contacts"),
        _check(
            "broadcast_contacts",
            "unreachable_known",
            "unreachable IN ('blocked', 'deactivated')",
        ),
    )


def _create_senders() -> None:
    op.create_table(
        "broadcast_senders",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        _flag("admin"),
        _flag("granted"),
        sa.PrimaryKeyConstraint("person_id", name="pk_broadcast_senders"),
    )


def _create_lists() -> None:
    op.create_table(
        "broadcast_lists",
        _text("id"),
        sa.Column("author", sa.BigInteger, nullable=False),
        _moment("created_at", server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast_lists"),
        _check("broadcast_lists", "id_length", "char_length(id) BETWEEN 1 AND 64"),
    )
    op.create_index("ix_broadcast_lists_author", "broadcast_lists", ["author"])
    op.create_table(
        "broadcast_list_people",
        _text("list_id"),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "person_id", name="pk_broadcast_list_people"),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["broadcast_lists.id"],
            name="fk_broadcast_list_people_broadcast_lists",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_broadcast_list_people_person_id", "broadcast_list_people", ["person_id"])


def _text(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, **more)


def _moment(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **more)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
