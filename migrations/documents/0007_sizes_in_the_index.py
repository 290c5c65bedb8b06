"""What a person's files take is read from the index they are found by, and not from each file."""

from alembic import op

revision = "documents_0007"
down_revision = "documents_0006"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "ix_document_files_same_content", "document_files", ["person_id", "sha256"]


def upgrade() -> None:
    op.drop_index(NAME)
    op.create_index(NAME, TABLE, COLUMNS, postgresql_include=["upload_id", "size"])


def downgrade() -> None:
    op.drop_index(NAME)
    op.create_index(NAME, TABLE, COLUMNS)
