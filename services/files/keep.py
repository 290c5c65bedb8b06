"""A file's way into object storage: hashed and counted while it streams by, never whole at once."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from contracts.files import DOWNLOAD_LIMIT
from services.files.store import ObjectStore


class TooLarge(Exception):
    """More bytes came than Telegram hands out to bots."""


@dataclass(frozen=True)
class Kept:
    """What is known of bytes once all of them are kept; `size` in bytes."""

    sha256: str
    size: int


async def keep(store: ObjectStore, key: str, chunks: AsyncIterator[bytes]) -> Kept:
    """Stream the bytes into the store. Raises TooLarge, and then keeps nothing."""
    digest, size = hashlib.sha256(), 0

    async def observed() -> AsyncIterator[bytes]:
        nonlocal size
        async for chunk in chunks:
            size += len(chunk)
            if size > DOWNLOAD_LIMIT:
                raise TooLarge(f"over {DOWNLOAD_LIMIT} bytes")
            digest.update(chunk)
            yield chunk

    await store.put(key, observed())
    return Kept(sha256=digest.hexdigest(), size=size)


def key_of(app: str, person_id: int, upload_id: str) -> str:
    """Return the key of an upload's object."""
    return f"{folder_of(app, person_id)}/{upload_id}"


def folder_of(app: str, person_id: int) -> str:
    """Return the folder of all that a person keeps in an app."""
    return f"{app}/{person_id}"
