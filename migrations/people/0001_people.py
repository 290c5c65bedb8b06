"""People, and the bots they block."""

import sqlalchemy as sa
from alembic import op

revision = "people_0001"
down_revision = None
branch_labels = ("people",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
        sa.Column(
            "first_seen", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column(
            "last_seen", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.CheckConstraint("language IN ('en', 'ru')", name=op.f("ck_people_language_known")),
        sa.CheckConstraint(
            "char_length(time_zone) BETWEEN 1 AND 64", name=op.f("ck_people_time_zone_length")
        ),
    )
    op.create_table(
        "people_blocked",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "app", name="pk_people_blocked"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_people_blocked_people", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("people_blocked")
    op.drop_table("people")
