"""The SQLite file that keeps chats, updates and webhooks over a restart."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS bots (
    id INTEGER PRIMARY KEY,
    next_message_id INTEGER NOT NULL DEFAULT 1,
    next_update_id INTEGER NOT NULL,
    allowed_updates TEXT,
    webhook TEXT
);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT,
    username TEXT,
    language_code TEXT
);
CREATE TABLE IF NOT EXISTS chats (
    bot_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0,
    keyboard TEXT,
    read_up_to INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bot_id, person_id)
);
-- A deleted message keeps its row without content, so that open pages learn of it.
CREATE TABLE IF NOT EXISTS messages (
    bot_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    posted_at_revision INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT,
    media_group_id TEXT,
    PRIMARY KEY (bot_id, message_id)
);
CREATE INDEX IF NOT EXISTS messages_by_chat ON messages (bot_id, person_id, message_id);
CREATE TABLE IF NOT EXISTS callback_queries (
    id INTEGER PRIMARY KEY,
    bot_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS callback_answers (
    bot_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    alert INTEGER NOT NULL,
    PRIMARY KEY (bot_id, person_id, revision)
);
CREATE TABLE IF NOT EXISTS updates (
    bot_id INTEGER NOT NULL,
    update_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (bot_id, update_id)
);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY,
    bot_id INTEGER NOT NULL,
    unique_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    mime_type TEXT,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    duration INTEGER,
    path TEXT NOT NULL,
    lost INTEGER NOT NULL DEFAULT 0,
    UNIQUE (bot_id, path)
);
CREATE TABLE IF NOT EXISTS commands (
    bot_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    language_code TEXT NOT NULL,
    commands TEXT NOT NULL,
    PRIMARY KEY (bot_id, scope, language_code)
);
"""

# Columns that files made by earlier versions lack.
ADDED_COLUMNS = (
    ("chats", "read_up_to", "INTEGER NOT NULL DEFAULT 0"),
    ("messages", "media_group_id", "TEXT"),
    ("files", "duration", "INTEGER"),
)


def open_database(path: Path) -> sqlite3.Connection:
    """Open (or create) the file; survives `kill -9`: write-ahead log, one transaction a change."""
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(SCHEMA)
    _add_columns(db)
    return db


def _add_columns(db: sqlite3.Connection) -> None:
    for table, column, declaration in ADDED_COLUMNS:
        existing = {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
        if column not in existing:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {declaration}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; inside another one it is part of that one. Never await in here."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
