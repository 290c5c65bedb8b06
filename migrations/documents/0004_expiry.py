"""Documents expire; their owners are reminded by their own clocks, in their own language."""

import sqlalchemy as sa
from alembic import op

revision = "documents_0004"
down_revision = "documents_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("expires_on", sa.Date, nullable=True))
    op.add_column(
        "documents",
        sa.Column("reminding", sa.Boolean, nullable=False, server_default=sa.text("true")),
    )
    op.create_table(
        "document_owners",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_document_owners"),
        sa.CheckConstraint(
            "language IN ('en', 'ru')", name=op.f("ck_document_owners_language_known")
        ),
        sa.CheckConstraint(
            "char_length(time_zone) BETWEEN 1 AND 64",
            name=op.f("ck_document_owners_time_zone_length"),
        ),
    )


def downgrade() -> None:
    op.drop_table("document_owners")
    op.drop_column("documents", "reminding")
    op.drop_column("documents", "expires_on")
