"""What tests do on a machine without Chromium."""

import os

import pytest

from tests.browser.chromium import chromium


def require_chromium() -> None:
    """Skip the test where Chromium is missing; in CI, which skips nothing, fail it."""
    if chromium() is None:
        missing = pytest.fail if os.environ.get("SWITCHBOARD_CI") else pytest.skip
        missing("needs the Debian package chromium")
