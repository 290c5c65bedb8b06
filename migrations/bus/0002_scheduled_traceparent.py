"""Where a command to come was scheduled: the trace that its own will be linked to."""

import sqlalchemy as sa
from alembic import op

revision = "bus_0002"
down_revision = "bus_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scheduled", sa.Column("traceparent", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("scheduled", "traceparent")
