"""Chromium without a window, as Debian installs it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, ViewportSize, async_playwright, expect

DESKTOP: ViewportSize = {"width": 1000, "height": 700}
PHONE: ViewportSize = {"width": 390, "height": 700}
SEES_WITHIN = 60_000
"""Milliseconds; generous, since a test that waits this long has failed anyway."""

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Return the program: what CHROMIUM names, or the one on the path."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@asynccontextmanager
async def window(viewport: ViewportSize, *, sharpness: float = 1) -> AsyncIterator[Page]:
    """Open an empty page; at the end nothing may have gone wrong on it unseen."""
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        page = await browser.new_page(viewport=viewport, device_scale_factor=sharpness)
        page.set_default_timeout(SEES_WITHIN)
        expect.set_options(timeout=SEES_WITHIN)
        page.on("pageerror", lambda error: problems.append(str(error)))
        yield page
        await browser.close()
    assert problems == []
