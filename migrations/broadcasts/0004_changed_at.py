"""When people changed what broadcasts heard of: what is heard of late changes nothing newer."""

import sqlalchemy as sa
from alembic import op

revision = "broadcasts_0004"
down_revision = "broadcasts_0003"
branch_labels = None
depends_on = None

_ADDED = (
    ("broadcast_readers", "settings_at"),
    ("broadcast_readers", "opted_out_at"),
    ("broadcast_contacts", "changed_at"),
    ("broadcast_senders", "changed_at"),
)


def upgrade() -> None:
    for table, column in _ADDED:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table, column in _ADDED:
        op.drop_column(table, column)
