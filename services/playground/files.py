"""Files that people and bots sent: the bytes in a folder, and the ids bots know them by."""

import hashlib
import mimetypes
import os
import re
import secrets
import sqlite3
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from services.playground.errors import BadRequest, NotServed
from services.playground.images import image_dimensions

FileKind = Literal["photo", "document", "video", "voice", "sticker"]
ClipKind = Literal["video", "voice"]
FOLDERS: dict[FileKind, str] = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "voice": "voice",
    "sticker": "stickers",
}
UNKNOWN_TYPE = "application/octet-stream"
MEBIBYTE = 1 << 20
MAX_DOWNLOAD = 20 * MEBIBYTE
MAX_PHOTO_UPLOAD = 10 * MEBIBYTE
MAX_UPLOAD = 50 * MEBIBYTE
# Clients put the path into an address as it is.
PLAIN_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}$")
MAX_PHOTO_SIDES = 10_000  # width and height together


@dataclass(frozen=True)
class StoredFile:
    """A file as one bot sees it; `path` is what getFile answers, sizes are in bytes and pixels,
    a duration is in seconds.
    """

    file_id: str
    bot_id: int
    unique_id: str
    kind: FileKind
    size: int
    path: str
    name: str | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    lost: bool = False


@dataclass(frozen=True)
class Clip:
    """What the sender says of a video or a voice message: nothing here can look into one."""

    width: int = 0
    height: int = 0
    duration: int = 0


NOTHING_TOLD = Clip()


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
        stored = self._named("document", bot_id, data, name)
        return self._keep(replace(stored, mime_type=_mime_type(name, mime_type)), data)

    def keep_clip(
        self, bot_id: int, kind: ClipKind, data: bytes, name: str | None, clip: Clip
    ) -> StoredFile:
        """Keep a video or a voice message."""
        stored = self._named(kind, bot_id, data, name)
        usual = "video/mp4" if kind == "video" else "audio/ogg"
        kept = replace(stored, mime_type=_mime_type(name, None, usual), **asdict(clip))
        return self._keep(kept, data)

    def keep_sticker(self, bot_id: int, data: bytes) -> StoredFile:
        """Keep a sticker that stands still."""
        dimensions = image_dimensions(data)
        if dimensions is None:
            raise NotServed("sticker that is no picture")
        stored = self._new("sticker", bot_id, data, ".webp")
        return self._keep(replace(stored, **dimensions._asdict()), data)

    def keep_photo(self, bot_id: int, data: bytes) -> StoredFile:
        """Keep a picture; Telegram forgets its name."""
        if len(data) > MAX_PHOTO_UPLOAD:
            raise BadRequest(f"file of size {len(data)} bytes is too big for a photo")
        dimensions = image_dimensions(data)
        if dimensions is None:
            raise BadRequest("IMAGE_PROCESS_FAILED")
        if sum(dimensions) > MAX_PHOTO_SIDES or 0 in dimensions:
            raise BadRequest("PHOTO_INVALID_DIMENSIONS")
        stored = self._new("photo", bot_id, data, ".jpg")
        return self._keep(replace(stored, **dimensions._asdict()), data)

    def _named(self, kind: FileKind, bot_id: int, data: bytes, name: str | None) -> StoredFile:
        if not data:
            raise BadRequest("file must be non-empty")
        suffix = PLAIN_SUFFIX.search(name or "")
        return replace(self._new(kind, bot_id, data, suffix[0] if suffix else ""), name=name)

    def _new(self, kind: FileKind, bot_id: int, data: bytes, suffix: str) -> StoredFile:
        (number,) = self._db.execute("SELECT count(*) FROM files").fetchone()
        return StoredFile(
            file_id=f"{kind}-{secrets.token_urlsafe(30)}",
            bot_id=bot_id,
            unique_id=f"{kind[0]}{hashlib.sha256(data).hexdigest()[:20]}",
            kind=kind,
            size=len(data),
            path=f"{FOLDERS[kind]}/file_{number}{suffix}",
        )

    def _keep(self, stored: StoredFile, data: bytes) -> StoredFile:
        self._write(stored.unique_id, data)
        self._db.execute(
            "INSERT INTO files (file_id, bot_id, unique_id, kind, name, mime_type,"
            " size, width, height, duration, path, lost) VALUES (:file_id, :bot_id, :unique_id,"
            " :kind, :name, :mime_type, :size, :width, :height, :duration, :path, :lost)",
            asdict(stored),
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


def _mime_type(name: str | None, told: str | None, otherwise: str = UNKNOWN_TYPE) -> str:
    if told and told != UNKNOWN_TYPE:
        return told
    guessed, _ = mimetypes.guess_type(name or "")
    return guessed or otherwise
