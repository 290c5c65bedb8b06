"""Where a file was kept: the trace that those of its documents are linked to."""

import sqlalchemy as sa
from alembic import op

revision = "documents_0005"
down_revision = "documents_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document_files", sa.Column("traceparent", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("document_files", "traceparent")
