"""Quiet hours, opt-outs, granted roles, and why a bot cannot write to somebody."""

import sqlalchemy as sa
from alembic import op

revision = "people_0002"
down_revision = "people_0001"
branch_labels = None
depends_on = None

NOW = sa.func.now()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("people", sa.Column("quiet_from", sa.Text, nullable=True))
    op.add_column("people", sa.Column("quiet_until", sa.Text, nullable=True))
    op.create_check_constraint(
        op.f("ck_people_quiet_hours_whole"),
        "people",
        "(quiet_from IS NULL) = (quiet_until IS NULL)",
    )
    op.add_column("people_blocked", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.add_column("people_blocked", sa.Column("since", MOMENT, nullable=False, server_default=NOW))
    op.create_check_constraint(
        op.f("ck_people_blocked_reason_known"),
        "people_blocked",
        "reason IN ('blocked', 'deactivated', 'unblocked', '')",
    )
    op.create_table(
        "people_opt_outs",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("person_id", "category", name="pk_people_opt_outs"),
        sa.CheckConstraint(
            "category IN ('news', 'offers', 'surveys')",
            name=op.f("ck_people_opt_outs_category_known"),
        ),
    )
    op.create_table(
        "people_roles",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("granted_by", sa.BigInteger, nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_people_roles"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_people_roles_people", ondelete="CASCADE"
        ),
        sa.CheckConstraint("role IN ('broadcaster')", name=op.f("ck_people_roles_role_known")),
    )


def downgrade() -> None:
    op.drop_table("people_roles")
    op.drop_table("people_opt_outs")
    op.drop_constraint("ck_people_blocked_reason_known", "people_blocked")
    op.drop_column("people_blocked", "since")
    op.drop_column("people_blocked", "reason")
    op.drop_constraint("ck_people_quiet_hours_whole", "people")
    op.drop_column("people", "quiet_until")
    op.drop_column("people", "quiet_from")
