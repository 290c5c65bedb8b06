"""When people changed the settings that the calendar heard of: older ones come too late."""

import sqlalchemy as sa
from alembic import op

revision = "calendar_0002"
down_revision = "calendar_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "calendar_owners", sa.Column("settings_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("calendar_owners", "settings_at")
