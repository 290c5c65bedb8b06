"""Files that people and bots sent: the bytes in a folder, and the ids bots know them by."""

import hashlib
import mimetypes
import os
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from services.playground.errors import BadRequest
from services.playground.images import image_dimensions

FileKind = Literal["photo", "document"]
MEBIBYTE = 1 << 20
MAX_DOWNLOAD = 20 * MEBIBYTE
MAX_PHOTO_UPLOAD = 10 * MEBIBYTE
MAX_UPLOAD = 50 * MEBIBYTE
MAX_PHOTO_SIDES = 10_000  # width and height together


@dataclass(frozen=True)
class StoredFile:
    """A file as one bot sees it; `path` is what getFile answers, sizes are in bytes and pixels."""

    file_id: str
    bot_id: int
    unique_id: str
    kind: FileKind
    name: str | None
    mime_type: str | None
    size: int
    width: int | None
    height: int | None
    path: str
    lost: bool


class Files:
    """Every file ever sent. The same bytes are kept once, whoever sent them."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self._db = db
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep_document(
        self, bot_id: int, data: bytes, name: str | None, mime_type: str | None = None
    ) -> StoredFile:
        """Keep a file of any kind; the type is guessed from the name when it is not told."""
        if not data:
            raise BadRequest("file must be non-empty")
        guessed, _ = mimetypes.guess_type(name or "")
        if mime_type in (None, "application/octet-stream"):
            mime_type = guessed or "application/octet-stream"
        return self._keep(bot_id, "document", data, name=name, mime_type=mime_type)

    def keep_photo(self, bot_id: int, data: bytes) -> StoredFile:
        """Keep a picture; Telegram forgets its name."""
        if len(data) > MAX_PHOTO_UPLOAD:
            raise BadRequest(f"file of size {len(data)} bytes is too big for a photo")
        dimensions = image_dimensions(data)
        if dimensions is None:
            raise BadRequest("IMAGE_PROCESS_FAILED")
        if sum(dimensions) > MAX_PHOTO_SIDES or 0 in dimensions:
            raise BadRequest("PHOTO_INVALID_DIMENSIONS")
        width, height = dimensions
        return self._keep(bot_id, "photo", data, width=width, height=height)

    def _keep(
        self, bot_id: int, kind: FileKind, data: bytes, **details: str | int | None
    ) -> StoredFile:
        unique_id = f"{kind[0]}{hashlib.sha256(data).hexdigest()[:20]}"
        self._write(unique_id, data)
        name = details.get("name")
        suffix = PurePosixPath(str(name)).suffix if name else ".jpg" if kind == "photo" else ""
        (number,) = self._db.execute("SELECT count(*) FROM files").fetchone()
        stored = StoredFile(
            file_id=f"{kind}-{secrets.token_urlsafe(30)}",
            bot_id=bot_id,
            unique_id=unique_id,
            kind=kind,
            size=len(data),
            path=f"{kind}s/file_{number}{suffix}",
            lost=False,
            **{key: details.get(key) for key in ("name", "mime_type", "width", "height")},  # type: ignore[arg-type]
        )
        self._db.execute(
            f"INSERT INTO files ({', '.join(vars(stored))})"  # noqa: S608 - names of our own fields
            f" VALUES ({', '.join('?' * len(vars(stored)))})",
            tuple(vars(stored).values()),
        )
        return stored

    def _write(self, unique_id: str, data: bytes) -> None:
        target = self._folder / unique_id
        if target.exists():
            return
        unfinished = target.with_suffix(f".{secrets.token_hex(4)}")
        unfinished.write_bytes(data)
        os.replace(unfinished, target)  # a file under its own name is always whole

    def find(self, bot_id: int, file_id: str) -> StoredFile | None:
        """The file a bot means; ids of other bots mean nothing to it."""
        return self._one("SELECT * FROM files WHERE bot_id = ? AND file_id = ?", bot_id, file_id)

    def at(self, bot_id: int, path: str) -> StoredFile | None:
        """The file behind a path of getFile."""
        return self._one("SELECT * FROM files WHERE bot_id = ? AND path = ?", bot_id, path)

    def _one(self, query: str, *parameters: object) -> StoredFile | None:
        row = self._db.execute(query, parameters).fetchone()
        return StoredFile(**{**dict(row), "lost": bool(row["lost"])}) if row else None

    def content_path(self, stored: StoredFile) -> Path:
        """Where the bytes are."""
        return self._folder / stored.unique_id

    def lose(self, file_id: str) -> bool:
        """From now on Telegram refuses that id; tells whether it existed."""
        cursor = self._db.execute("UPDATE files SET lost = 1 WHERE file_id = ?", (file_id,))
        return cursor.rowcount > 0
