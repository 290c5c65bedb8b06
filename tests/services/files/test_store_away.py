"""The files service while object storage is away: an upload waits, and is kept once it is back."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
import pytest_asyncio
from aiohttp.test_utils import unused_port

from bus import Actor, Envelope
from bus.encoding import encode
from bus.middleware.retry import ATTEMPT_DELAYS
from contracts.base import subject_of
from contracts.files import KeepUpload, UploadKept, UploadLost
from services.files.keep import key_of
from services.files.service import files
from services.files.store import ObjectStore, S3Access, object_store
from services.life import Life
from services.settings import FilesSettings, read_settings
from switchboard.installation import provision_bus
from switchboard.local.servers import LocalServers
from tests.bus.bench import Bench
from tests.bus.waiting import STOP_WITHIN, eventually
from tests.faults.proxy import Proxy
from tests.services.files.test_files import keeping
from tests.telegram_api.peer import ANNA, TOKENS, Peer

CONTENT = bytes(range(256)) * 1000
MORE_THAN_A_BUG_GETS = len(ATTEMPT_DELAYS) + 3


@dataclass
class Removable:
    """A store that a test takes away and puts back, and the settings that lead to it."""

    settings: dict[str, str]
    store: ObjectStore
    take_away: Callable[[], None]
    put_back: Callable[[], None]


@pytest.fixture
def removable_folder(scratch: Path) -> Removable:
    """A folder on a disk that may not be mounted: then something else is in its place."""
    place, elsewhere = scratch / "files", scratch / "elsewhere"

    def take_away() -> None:
        place.rename(elsewhere)
        place.touch()

    def put_back() -> None:
        place.unlink()
        elsewhere.rename(place)

    url = place.as_uri()
    return Removable({"FILES_URL": url}, object_store(url), take_away, put_back)


@pytest_asyncio.fixture
async def removable_bucket(s3: S3Access) -> AsyncIterator[Removable]:
    """A bucket behind a door, behind which nobody listens while it is away."""
    port, nobody = int(s3.endpoint.rpartition(":")[2]), unused_port()
    door = Proxy(lambda: port)
    await door.open()
    endpoint, url = f"http://127.0.0.1:{door.port}", f"s3://tests-{uuid4().hex}"

    def take_away() -> None:
        door.target = lambda: nobody
        door.reset()

    def put_back() -> None:
        door.target = lambda: port

    settings = {
        "FILES_URL": url,
        "S3_ENDPOINT": endpoint,
        "S3_ACCESS_KEY": s3.access_key.get_secret_value(),
        "S3_SECRET_KEY": s3.secret_key.get_secret_value(),
    }
    try:
        store = object_store(url, replace(s3, endpoint=endpoint))
        yield Removable(settings, store, take_away, put_back)
    finally:
        await door.close()


@pytest.fixture(params=["folder", "bucket"])
def removable(request: pytest.FixtureRequest) -> Removable:
    """Each kind of store in turn."""
    chosen: Removable = request.getfixturevalue(f"removable_{request.param}")
    return chosen


@asynccontextmanager
async def files_running() -> AsyncIterator[None]:
    """Run the service as the environment says."""
    life = Life.begin("files")
    running = asyncio.create_task(files(read_settings(FilesSettings), life))
    try:
        await eventually(lambda: _true(running.done() or life.ready.is_set()), within=120)
        yield
    finally:
        life.stopping.set()
        async with asyncio.timeout(STOP_WITHIN):
            await running
        await life.end()


async def _true(value: bool) -> bool:
    return value


def _set(environment: pytest.MonkeyPatch, *settings: dict[str, str]) -> None:
    for name, value in {name: value for part in settings for name, value in part.items()}.items():
        if not name.startswith("OTEL_"):  # nobody collects here
            environment.setenv(name, value)


async def test_an_upload_waits_for_the_store_and_is_kept_once_it_is_back(
    removable: Removable,
    servers: LocalServers,
    peer: Peer,
    monkeypatch: pytest.MonkeyPatch,
    written: io.StringIO,
) -> None:
    telegram = {"TELEGRAM_API_URL": peer.url, "BOT_TOKENS": json.dumps(TOKENS), "FILES_PORT": "0"}
    _set(monkeypatch, servers.environment, telegram, removable.settings)
    await provision_bus()
    command = keeping(await peer.uploads("lease.pdf", CONTENT))

    async def is_tried_on() -> bool:
        return written.getvalue().count("dependency.away") > MORE_THAN_A_BUG_GETS

    async with AsyncExitStack() as stack:
        bench = Bench(servers, stack)
        operator = await bench.link("operator")
        dead = (await operator.jetstream.stream_info("DEAD")).state.messages
        lost = await operator.client.subscribe(subject_of(UploadLost))
        kept = await operator.client.subscribe(subject_of(UploadKept))
        await operator.client.flush()
        async with files_running():
            removable.take_away()
            try:
                envelope = Envelope(message_id=uuid4().hex, actor=Actor(ANNA, "documents"))
                await bench.send_bytes(subject_of(KeepUpload), encode(command), envelope.headers())
                await eventually(is_tried_on, within=120)
            finally:
                removable.put_back()
            message = await kept.next_msg(timeout=30)
        assert msgspec.json.decode(message.data, type=UploadKept).sha256 == (
            hashlib.sha256(CONTENT).hexdigest()
        )
        assert lost.pending_msgs == 0
        assert (await operator.jetstream.stream_info("DEAD")).state.messages == dead
    key = key_of("documents", ANNA, command.upload_id)
    assert b"".join([chunk async for chunk in removable.store.get(key)]) == CONTENT
