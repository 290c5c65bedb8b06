"""Uploads and who refers to them."""

import sqlalchemy as sa
from alembic import op

revision = "files_0001"
down_revision = None
branch_labels = ("files",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lost_reason", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("file_id", sa.Text, nullable=True),
        sa.Column("file_name", sa.Text, nullable=True),
        sa.Column("mime_type", sa.Text, nullable=True),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("sha256", sa.Text, nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.CheckConstraint(
            "state IN ('kept', 'lost', 'discarded')", name=op.f("ck_uploads_state_known")
        ),
        sa.CheckConstraint("kind IN ('document', 'photo')", name=op.f("ck_uploads_kind_known")),
        sa.CheckConstraint(
            "state = 'lost' OR"
            " num_nulls(kind, file_id, file_name, mime_type, size, sha256, kept_at) = 0",
            name=op.f("ck_uploads_described_once_kept"),
        ),
        sa.CheckConstraint(
            "(state = 'lost') = (lost_reason IS NOT NULL)",
            name=op.f("ck_uploads_lost_for_a_reason"),
        ),
    )
    op.create_index("ix_uploads_person_id", "uploads", ["person_id"])
    op.create_table(
        "upload_claims",
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "app", name="pk_upload_claims"),
    )
    op.create_index("ix_upload_claims_person_id", "upload_claims", ["person_id"])


def downgrade() -> None:
    op.drop_table("upload_claims")
    op.drop_table("uploads")
