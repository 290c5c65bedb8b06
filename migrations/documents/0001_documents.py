"""Types of documents, documents, and the files they consist of."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "documents_0001"
down_revision = None
branch_labels = ("documents",)
depends_on = None


def upgrade() -> None:
    _create_types()
    _create_files()
    _create_documents()


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("document_files")
    op.drop_table("document_types")


def _create_types() -> None:
    op.create_table(
        "document_types",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("emoji", sa.Text, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_document_types"),
        sa.UniqueConstraint("id", "person_id", name="uq_document_types_id_person_id"),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 40", name=op.f("ck_document_types_name_length")
        ),
        sa.CheckConstraint(
            "char_length(emoji) BETWEEN 0 AND 16", name=op.f("ck_document_types_emoji_length")
        ),
    )
    op.create_index(
        "uq_document_types_person_id_name",
        "document_types",
        ["person_id", sa.text("lower(name)")],
        unique=True,
    )


def _create_files() -> None:
    op.create_table(
        "document_files",
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("file_id", sa.Text, nullable=True),
        sa.Column("file_name", sa.Text, nullable=True),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("sha256", sa.Text, nullable=True),
        _moment("known_since"),
        sa.PrimaryKeyConstraint("upload_id", name="pk_document_files"),
        sa.UniqueConstraint("upload_id", "person_id", name="uq_document_files_upload_id_person_id"),
        sa.CheckConstraint(
            "kind IN ('document', 'photo')", name=op.f("ck_document_files_kind_known")
        ),
        sa.CheckConstraint(
            "lost OR num_nulls(kind, file_id, file_name, size, sha256) = 0",
            name=op.f("ck_document_files_described_unless_lost"),
        ),
    )
    op.create_index("ix_document_files_person_id", "document_files", ["person_id"])


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("type_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("upload_id", sa.Text, nullable=False),
        _moment("added_at"),
        _moment("changed_at"),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.ForeignKeyConstraint(
            ["type_id", "person_id"],
            ["document_types.id", "document_types.person_id"],
            name="fk_documents_document_types",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id", "person_id"],
            ["document_files.upload_id", "document_files.person_id"],
            name="fk_documents_document_files",
        ),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 128", name=op.f("ck_documents_name_length")
        ),
    )
    _create_indexes_of_documents()


def _create_indexes_of_documents() -> None:
    not_deleted = sa.text("deleted_at IS NULL")
    op.create_index(
        "uq_documents_type_id_name",
        "documents",
        ["type_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=not_deleted,
    )
    op.create_index(
        "ix_documents_listed",
        "documents",
        ["type_id", sa.text("added_at DESC"), sa.text("id DESC")],
        postgresql_where=not_deleted,
    )
    op.create_index("ix_documents_person_id", "documents", ["person_id"])
    op.create_index("ix_documents_upload_id", "documents", ["upload_id"])


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
