"""Archives in parts: divided by size, packed on disk, and how far each is, kept in the store."""

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from zipfile import ZipFile, ZipInfo

import msgspec
from msgspec.structs import replace

from contracts.base import PersonId
from contracts.files import ArchivedFile, SendArchive
from services.files.keep import key_of
from services.files.store import ObjectStore

PART_SIZE = 48 * 1024 * 1024
"""Bytes of a part at most; bots may send 50 MB."""

ENTRY_OVERHEAD = 128
"""Bytes that a file takes in a ZIP besides its own and its name, which stands there twice."""

NAME_BYTES = 200
"""Of a name in an archive: file systems take 255, and a number may have to be added."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]')


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the archive of a command is: parts that are sent, and what was missing in them.

    `message_id` is the message that shows it, another one if the person deleted the first.
    """

    command_id: str
    message_id: int
    parts: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bookmark:
    """Where the progress of a person's archive of one name is kept: the newest command's only.

    The dot keeps it apart from uploads, whose ids have none; it goes when the person is erased.
    """

    store: ObjectStore
    key: str

    @classmethod
    def of(cls, command: SendArchive, person_id: PersonId, store: ObjectStore) -> "Bookmark":
        name = hashlib.blake2s(command.name.encode(), digest_size=8).hexdigest()
        return cls(store=store, key=key_of(command.app, person_id, f"archive.{name}"))

    async def read(self, command: SendArchive, command_id: str) -> Progress:
        """Return how far a command is; one that is new, or overtaken by another, begins anew."""
        beginning = Progress(command_id=command_id, message_id=command.message_id)
        try:
            stored = b"".join([chunk async for chunk in self.store.get(self.key)])
        except FileNotFoundError:
            return beginning
        progress = msgspec.json.decode(stored, type=Progress)
        return progress if progress.command_id == command_id else beginning

    async def write(self, progress: Progress) -> None:
        async def content() -> AsyncIterator[bytes]:
            yield msgspec.json.encode(progress)

        await self.store.put(self.key, content())


def divide(files: Iterable[ArchivedFile], part_size: int) -> list[tuple[ArchivedFile, ...]]:
    """Return the files in their order, in parts; one that is larger than a part is its own.

    Only what the command says counts, so that each run of it divides alike.
    """
    parts: list[list[ArchivedFile]] = []
    room = 0
    for file in files:
        size = file.size + ENTRY_OVERHEAD + 2 * len(file.name.encode())
        if not parts or size > room:
            parts.append([])
            room = part_size
        parts[-1].append(file)
        room -= size
    return [tuple(part) for part in parts]


async def pack(
    path: Path, files: tuple[ArchivedFile, ...], folder: str, store: ObjectStore
) -> tuple[str, ...]:
    """Write a ZIP of uploads in a folder of the store; return the names of those that are gone.

    Not compressed: what people keep mostly is already, and so the sizes are known before.
    """
    missing = []
    now = datetime.now(UTC)
    moment = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    with ZipFile(path, "w") as archive:
        for file in files:
            key = f"{folder}/{file.upload_id}"
            if not await store.has(key):
                missing.append(file.name)
                continue
            with archive.open(ZipInfo(file.name, moment), "w") as entry:
                async for chunk in store.get(key):
                    await asyncio.to_thread(entry.write, chunk)
    return tuple(missing)


def named_apart(files: Iterable[ArchivedFile]) -> list[ArchivedFile]:
    """Return the files under names that every system unpacks into one folder, no two alike."""
    taken: set[str] = set()
    found = []
    for file in files:
        safe = PurePath(safe_name(file.name))
        unique, number = str(safe), 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{safe.stem} ({number}){safe.suffix}"
        taken.add(unique.casefold())
        found.append(replace(file, name=unique))
    return found


def safe_name(name: str) -> str:
    """Return a name for a file: one line, no path, no hidden file, short enough on any disk."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "file"
    path = PurePath(plain)
    suffix = path.suffix if len(path.suffix.encode()) <= NAME_BYTES // 4 else ""
    stem = plain.removesuffix(suffix).encode()[: NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore").rstrip() + suffix
