"""How wide and high a picture is, read from its first bytes."""

import struct
from typing import NamedTuple


class Dimensions(NamedTuple):
    """In pixels."""

    width: int
    height: int


def image_dimensions(data: bytes) -> Dimensions | None:
    """The picture's dimensions; None when it is no PNG, GIF, JPEG or WebP."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return Dimensions(*struct.unpack(">II", data[16:24]))
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return Dimensions(*struct.unpack("<HH", data[6:10]))
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return None  # cut short
    return None


def _jpeg(data: bytes) -> Dimensions | None:
    position = 2
    while data[position] == 0xFF:
        marker, length = (
            data[position + 1],
            struct.unpack(">H", data[position + 2 : position + 4])[0],
        )
        is_frame_header = 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        if is_frame_header:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return Dimensions(width, height)
        position += 2 + length
    return None


def _webp(data: bytes) -> Dimensions | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif chunk == b"VP8 ":
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", data[26:30]))
    elif chunk == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        return None
    return Dimensions(width, height)
