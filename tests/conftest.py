"""Makes the fixtures with real servers known to every test, and shows what tests measured."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from telegram_api.lean import models_built_when_used
from tests.process_state import process_as_before

with models_built_when_used():  # as services do: it takes seconds of each worker otherwise
    import aiogram  # noqa: F401 # for all who import it later

# What exporters of an earlier test still say between two tests is written nowhere.
logging.getLogger().addHandler(logging.NullHandler())

pytest_plugins = ["tests.servers", "tests.faults.shown", "tests.unsteady"]

FIRST = (
    "faults/test_short_form.py",
    "services/storage/test_runner_properties.py",
    "processes",
    "security/test_no_secret_leaks.py",
    "browser",
    "services/bot",
    "observability",
    "switchboard",
)
"""What takes longest, by file or folder: begun last, it would keep one processor busy alone."""


@pytest.fixture(autouse=True)
def _process_as_before() -> Iterator[None]:
    with process_as_before():
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the tests of a folder stay together, and share its servers."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(here)
        found = (n for n, each in enumerate(FIRST) if path.is_relative_to(each))
        return next(found, len(FIRST))

    items.sort(key=place)
