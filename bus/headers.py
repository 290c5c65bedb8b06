"""Headers in the bytes of NATS's protocol: written once, and read by a plain split."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nats.errors import BadHeaderError

VERSION = b"NATS/1.0\r\n"

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NAMES_REMEMBERED = 1024
_NO_NEW_LINES = str.maketrans({"\r": " ", "\n": " "})


def encode_headers(headers: Mapping[str, Any]) -> bytes:
    """Return headers as nats-py writes them.

    Raises:
        BadHeaderError: a name is none.
    """
    lines = [
        f"{named}: {_one_line(value)}\r\n"
        for name, value in headers.items()
        if (named := _checked_name(name))
    ]
    return b"%b%b\r\n" % (VERSION, "".join(lines).encode())


def read_headers(block: bytes) -> dict[str, str] | None:
    """Return headers of the form in which everybody writes them.

    None for any other, of which nats-py is to make what it can: a status in the first line, bytes
    beyond ASCII, a line that is no header.
    """
    if not (block.startswith(VERSION) and block.endswith(b"\r\n\r\n") and block.isascii()):
        return None
    text = block[len(VERSION) : -4].decode()
    if not text.replace("\r\n", "").isprintable():
        return None
    headers = {}
    for line in text.split("\r\n"):
        name, gap, value = line.partition(": ")
        if not gap or " " in name or ":" in name:
            return None
        headers[name] = value.strip()
    return headers


@lru_cache(_NAMES_REMEMBERED)
def _checked_name(name: str) -> str:
    name = name.strip()
    if name and not _NAME.fullmatch(name):
        raise BadHeaderError(name)
    return name


def _one_line(value: str) -> str:
    return value.strip() if value.isprintable() else value.strip().translate(_NO_NEW_LINES)
