"""What search looks through and what finds it without extensions, the trash, versions of types."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "documents_0003"
down_revision = "documents_0002"
branch_labels = None
depends_on = "bus_0001"

# Bodies in RETURN form are parsed here and now: no search_path changes what they mean.

_FOLDED = """
CREATE FUNCTION document_search_folded(content text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN replace(lower(normalize(regexp_replace(content, '[[:space:]]+', ' ', 'g'))), 'ё', 'е')
"""

_TEXT = """
CREATE FUNCTION document_search_text(name text, note text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN document_search_folded(name) || E'\\n' || document_search_folded(note)
"""

# Every three letters in a row, hashed together with whose they are: in the index each person has
# entries of their own, and what others write slows nobody down.
_MARKS = """
CREATE FUNCTION document_search_marks(person_id bigint, content text) RETURNS integer[]
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN ARRAY(
    SELECT DISTINCT hashtextextended(substr(content, place, 3), person_id)::bit(32)::integer
    FROM generate_series(1, char_length(content) - 2) AS place
)
"""

_IN_TRASH = """
INSERT INTO scheduled (key, due_at, command_subject, command, actor)
SELECT 'documents:purge:' || id, deleted_at + interval '30 days',
       'command.documents.purge_document',
       jsonb_build_object('type', 'PurgeDocument', 'document_id', id),
       person_id || '@documents'
FROM documents WHERE deleted_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    for function in (_FOLDED, _TEXT, _MARKS):
        op.execute(function)
    _add_generated("search_text", sa.Text(), "document_search_text(name, note)")
    _add_generated(
        "search_marks",
        sa.ARRAY(sa.Integer),
        "document_search_marks(person_id, document_search_text(name, note))",
    )
    _create_indexes()
    op.add_column(
        "document_types",
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
    )
    op.execute(_IN_TRASH)


def downgrade() -> None:
    op.execute("DELETE FROM scheduled WHERE key LIKE 'documents:purge:%'")
    op.drop_column("document_types", "version")
    for index in ("trash", "newest", "search_marks"):
        op.drop_index(f"ix_documents_{index}", "documents")
    op.drop_column("documents", "search_marks")
    op.drop_column("documents", "search_text")
    op.execute("DROP FUNCTION document_search_marks(bigint, text)")
    op.execute("DROP FUNCTION document_search_text(text, text)")
    op.execute("DROP FUNCTION document_search_folded(text)")


def _add_generated(name: str, kind: sa.types.TypeEngine[Any], expression: str) -> None:
    generated = sa.Computed(expression, persisted=True)
    op.add_column("documents", sa.Column(name, kind, generated, nullable=False))


def _create_indexes() -> None:
    op.create_index(
        "ix_documents_search_marks",
        "documents",
        ["search_marks"],
        postgresql_using="gin",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_documents_newest",
        "documents",
        ["person_id", sa.text("added_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_documents_trash",
        "documents",
        ["person_id", sa.text("deleted_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
