"""What a person's files take is read from the index they are found by, and not from each file."""

from collections.abc import Sequence

from alembic import op

revision = "documents_0007"
down_revision = "documents_0006"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "ix_document_files_same_content", "document_files", ["person_id", "sha256"]
BUILT_AS = f"{NAME}_new"


def upgrade() -> None:
    _replace_by(["upload_id", "size"])


def downgrade() -> None:
    _replace_by([])


def _replace_by(included: Sequence[str]) -> None:
    """Build it beside the old one, of which nobody who reads is deprived meanwhile."""
    op.create_index(BUILT_AS, TABLE, COLUMNS, postgresql_include=included)
    op.drop_index(NAME)
    op.execute(f"ALTER INDEX {BUILT_AS} RENAME TO {NAME}")
