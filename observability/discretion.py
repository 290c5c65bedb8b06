"""What log lines may say of people: who it was as a keyed hash, what they wrote not at all."""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

HASH_LENGTH = 12
"""Hexadecimal digits."""
LONGEST_CONTENT = 8192
"""Characters of a message's body in a line."""


@dataclass(slots=True)
class _Chosen:
    """Of the process, as its settings say."""

    key: bytes = b""
    content: bool = False


_chosen = _Chosen()


def speak_of_people(key: str, *, content: bool = False) -> None:
    """Hash people's ids with this key from now on; without one lines name nobody.

    With `content` lines also hold what people write, and their ids as they are.
    """
    _chosen.key, _chosen.content = key.encode(), content


def shows_content() -> bool:
    """Whether lines may hold what people write."""
    return _chosen.content


def person_hash(person_id: int) -> str:
    """Return 12 hexadecimal digits that stand for a person in all lines; empty without a key."""
    return _hashed(_chosen.key, person_id) if _chosen.key else ""


def content_of(body: bytes) -> dict[str, str]:
    """Return a message's body as the field `content`, where lines may hold it."""
    if not _chosen.content:
        return {}
    return {"content": body.decode(errors="replace")[:LONGEST_CONTENT]}


@lru_cache(maxsize=4096)
def _hashed(key: bytes, person_id: int) -> str:
    return hmac.digest(key, str(person_id).encode(), hashlib.sha256).hex()[:HASH_LENGTH]
