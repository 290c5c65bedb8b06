"""When people changed the settings that documents heard of: older ones come too late."""

import sqlalchemy as sa
from alembic import op

revision = "documents_0006"
down_revision = "documents_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "document_owners", sa.Column("settings_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("document_owners", "settings_at")
