"""Fixtures for handlers that touch PostgreSQL: its roles, and people nobody else uses."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from opentelemetry.trace import NoOpTracer

from database.engine import engine, session_factory
from database.reading import reader_of
from database.statements import watch_statements
from observability.calls import unread_calls
from tests.services.acting import Acting, Databases
from tests.services.storage.mailings import Mailer
from tests.services.storage.together import Storage


def _new_person() -> int:
    # Telegram's ids have up to 52 bits; with so many nobody is met twice.
    return random.randrange(2**33, 2**52)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(migrated: dict[str, str]) -> AsyncIterator[Databases]:
    """Sessions under the roles of storage and query, on the migrated database."""
    storage = engine(migrated["DATABASE_URL"], application_name="tests")
    query = engine(migrated["QUERY_DATABASE_URL"], application_name="tests", only_reads=True)
    reader = reader_of(query, watch_statements(query, NoOpTracer(), unread_calls()))
    yield Databases(storage, session_factory(storage), reader)
    await storage.dispose()
    await query.dispose()


@pytest.fixture
def somebody(databases: Databases) -> Acting:
    """A person nobody has seen before."""
    return Acting(databases, _new_person())


@pytest.fixture
def somebody_else(databases: Databases) -> Acting:
    """Another one."""
    return Acting(databases, _new_person())


@pytest.fixture
def storage(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A copy of storage that handles messages together, however busy the machine is."""
    # Without this patience groups would be small there, and some of them undone.
    monkeypatch.setattr("services.storage.groups.BEGIN_WITHIN", 60.0)
    monkeypatch.setattr("services.storage.groups.END_WITHIN", 60.0)
    monkeypatch.setattr("services.storage.collecting.GIVES_WAY_AFTER", 60.0)
    return Storage(databases)


@pytest.fixture
def mailer(somebody: Acting) -> Mailer:
    """An administrator in the broadcasts bot."""
    somebody.app, somebody.admins = "broadcasts", frozenset({somebody.person})
    return Mailer(somebody)
