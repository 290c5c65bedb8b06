"""Fixtures for all tests that read log lines."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from observability.logs import configure_logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged from INFO up while a test runs, as JSON lines."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    stream = io.StringIO()
    configure_logs("INFO", "json", stream)
    yield stream
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers
