"""Links to uploads, and what pauses them."""

import sqlalchemy as sa
from alembic import op

revision = "files_0002"
down_revision = "files_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "upload_claims",
        sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )
    op.add_column(
        "upload_claims",
        sa.Column("version", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("upload_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.CheckConstraint(
            "char_length(target) BETWEEN 1 AND 32", name=op.f("ck_links_target_length")
        ),
        sa.CheckConstraint(
            "char_length(title) BETWEEN 1 AND 128", name=op.f("ck_links_title_length")
        ),
    )
    op.create_index("ix_links_person_id_app_target", "links", ["person_id", "app", "target"])


def downgrade() -> None:
    op.drop_table("links")
    op.drop_column("upload_claims", "version")
    op.drop_column("upload_claims", "hidden")
