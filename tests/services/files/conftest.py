"""Gives these tests a Telegram and object stores, and lets them read log lines."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from pydantic import SecretStr

from bus.connection import connect
from bus.publisher import Publisher
from services.discovery import all_apps
from services.files.asking import Questions
from services.files.store import ObjectStore, S3Access, object_store
from switchboard.local.servers import LocalServers, local_servers
from tests.observability.fixtures import written
from tests.services.files.links import TRACER, Browser, Known, links_served
from tests.services.files.seaweedfs import seaweedfs
from tests.switchboard.outside import REDIS_URLS
from tests.telegram_api.fixtures import bots, peer

__all__ = ["bots", "peer", "written"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def s3(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[S3Access]:
    """A running S3, shared by the tests of a process."""
    async with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as access:
        yield access


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nats() -> AsyncIterator[LocalServers]:
    """A NATS without streams, where nobody answers but the test."""
    elsewhere = dict.fromkeys(("DATABASE_URL", "QUERY_DATABASE_URL", *REDIS_URLS), "not used")
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with local_servers(Path(directory), all_apps(), elsewhere) as servers:
            yield servers


@pytest.fixture
def folder(tmp_path: Path) -> ObjectStore:
    """A store in a folder that does not exist yet."""
    return object_store((tmp_path / "kept files").as_uri())


@pytest_asyncio.fixture
async def bucket(s3: S3Access) -> ObjectStore:
    """A store in a bucket of the test's own."""
    store = object_store(f"s3://tests-{uuid4().hex}", s3)
    await store.prepare()
    return store


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    """Each kind of store in turn."""
    chosen: ObjectStore = request.getfixturevalue(request.param)
    return chosen


@pytest_asyncio.fixture
async def known(nats: LocalServers) -> AsyncIterator[Known]:
    """What query answers."""
    links = Known()
    async with links.answering(nats.environment):
        yield links


@pytest_asyncio.fixture
async def browser(nats: LocalServers, store: ObjectStore) -> AsyncIterator[Browser]:
    """Somebody who opens links."""
    async with (
        links_served(nats.environment, store) as address,
        ClientSession(address) as http,
    ):
        yield Browser(http)


@pytest_asyncio.fixture
async def questions(nats: LocalServers) -> AsyncIterator[Questions]:
    """What the service files may ask."""
    seed = SecretStr(nats.environment["NATS_SEED_FILES"])
    async with connect(nats.environment["NATS_URL"], "files", seed) as link:
        yield Questions(Publisher(link, TRACER))
