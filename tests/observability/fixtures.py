"""Fixtures for all tests that read log lines."""

import io

import pytest

from observability.logs import configure_logs


@pytest.fixture
def written() -> io.StringIO:
    """What is logged from INFO up while a test runs, as JSON lines."""
    stream = io.StringIO()
    configure_logs("INFO", "json", stream)
    return stream
