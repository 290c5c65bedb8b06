"""The dimensions of pictures, from real headers."""

import pytest

from services.playground.images import image_dimensions
from tests.services.playground.pictures import png

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b0800300040010111 00")
WEBP = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x2f\0\0"
GIF = b"GIF89a\x40\x00\x30\x00\x00"


@pytest.mark.parametrize("data", [png(64, 48), JPEG, WEBP, GIF], ids=["PNG", "JPEG", "WebP", "GIF"])
def test_dimensions(data: bytes) -> None:
    assert image_dimensions(data) == (64, 48)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", png(64, 48)[:20], JPEG[:10], WEBP[:14]])
def test_no_picture(data: bytes) -> None:
    assert image_dimensions(data) is None
