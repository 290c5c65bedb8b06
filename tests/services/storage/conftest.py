"""Fixtures of the tests of storage."""

import pytest

from tests.services.acting import Acting
from tests.services.storage.mailings import Mailer


@pytest.fixture
def mailer(somebody: Acting) -> Mailer:
    """An administrator in the broadcasts bot."""
    somebody.app, somebody.admins = "broadcasts", frozenset({somebody.person})
    return Mailer(somebody)
