"""Handled messages, and commands to come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "bus_0001"
down_revision = None
branch_labels = ("bus",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handled",
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("outcome", JSONB, nullable=True),
        sa.Column("events", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("handler", "message_id", name="pk_handled"),
    )
    op.create_index("ix_handled_at", "handled", ["at"])
    op.create_table(
        "scheduled",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command_subject", sa.Text, nullable=False),
        sa.Column("command", JSONB, nullable=False),
        sa.Column("actor", sa.Text, nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("key", name="pk_scheduled"),
    )
    op.create_index("ix_scheduled_due_at", "scheduled", ["due_at"])


def downgrade() -> None:
    op.drop_table("scheduled")
    op.drop_table("handled")
