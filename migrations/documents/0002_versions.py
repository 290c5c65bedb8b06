"""Documents of several files, in versions, with notes; each file there is becomes version 1."""

import sqlalchemy as sa
from alembic import op

revision = "documents_0002"
down_revision = "documents_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_documents()
    _create_versions()
    _create_files_of_versions()
    _fill_first_versions()
    op.drop_column("documents", "upload_id")  # its index and its foreign key go with it
    op.drop_index("ix_document_files_person_id", "document_files")
    op.create_index("ix_document_files_same_content", "document_files", ["person_id", "sha256"])


def downgrade() -> None:
    """Only the first file of the current version stays."""
    op.drop_index("ix_document_files_same_content", "document_files")
    op.create_index("ix_document_files_person_id", "document_files", ["person_id"])
    op.add_column("documents", sa.Column("upload_id", sa.Text, nullable=True))
    op.execute(
        "UPDATE documents SET upload_id = file.upload_id FROM document_version_files file"
        " WHERE file.document_id = id AND file.number = current AND file.position = 1"
    )
    op.alter_column("documents", "upload_id", nullable=False)
    op.create_index("ix_documents_upload_id", "documents", ["upload_id"])
    op.drop_table("document_version_files")
    op.drop_table("document_versions")
    op.create_foreign_key(
        "fk_documents_document_files",
        "documents",
        "document_files",
        ["upload_id", "person_id"],
        ["upload_id", "person_id"],
    )
    op.drop_constraint("uq_documents_id_person_id", "documents")
    op.drop_column("documents", "note")
    op.drop_column("documents", "current")


def _widen_documents() -> None:
    one, empty = sa.text("1"), sa.text("''")
    op.add_column("documents", sa.Column("current", sa.Integer, nullable=False, server_default=one))
    op.add_column("documents", sa.Column("note", sa.Text, nullable=False, server_default=empty))
    op.create_check_constraint(
        op.f("ck_documents_note_length"), "documents", "char_length(note) BETWEEN 0 AND 1000"
    )
    op.create_unique_constraint("uq_documents_id_person_id", "documents", ["id", "person_id"])


def _create_versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("document_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name="pk_document_versions"),
        sa.ForeignKeyConstraint(
            ["document_id", "person_id"],
            ["documents.id", "documents.person_id"],
            name="fk_document_versions_documents",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "document_id",
            "number",
            "person_id",
            name="uq_document_versions_document_id_number_person_id",
        ),
    )
    op.create_index("ix_document_versions_person_id", "document_versions", ["person_id"])


def _create_files_of_versions() -> None:
    of_version = ["document_id", "number", "person_id"]
    op.create_table(
        "document_version_files",
        sa.Column("document_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "document_id", "number", "position", name="pk_document_version_files"
        ),
        sa.ForeignKeyConstraint(
            of_version,
            [f"document_versions.{column}" for column in of_version],
            name="fk_document_version_files_document_versions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id", "person_id"],
            ["document_files.upload_id", "document_files.person_id"],
            name="fk_document_version_files_document_files",
        ),
    )
    for column in ("person_id", "upload_id"):
        op.create_index(f"ix_document_version_files_{column}", "document_version_files", [column])


def _fill_first_versions() -> None:
    op.execute(
        "INSERT INTO document_versions (document_id, number, person_id, added_at)"
        " SELECT id, 1, person_id, added_at FROM documents"
    )
    op.execute(
        "INSERT INTO document_version_files (document_id, number, position, person_id, upload_id)"
        " SELECT id, 1, 1, person_id, upload_id FROM documents"
    )
