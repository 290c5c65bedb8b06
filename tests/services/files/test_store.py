"""Object storage: the same in a folder and in S3."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from observability.calls import Calls
from services.files.store import ObjectStore, S3Access, StorageAway, object_store


class Interrupted(Exception):
    """What the bytes come from breaks off."""


async def chunks(*parts: bytes, broken: bool = False) -> AsyncIterator[bytes]:
    """Yield the parts, then break off if asked to."""
    for part in parts:
        yield part
    if broken:
        raise Interrupted


async def content(store: ObjectStore, key: str) -> bytes:
    """Return all bytes of an object."""
    return b"".join([chunk async for chunk in store.get(key)])


def files_in(folder: Path) -> list[Path]:
    """Return the files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_bytes_come_back_as_they_were_put(store: ObjectStore) -> None:
    part = bytes(range(256)) * 256
    await store.put("documents/1/a", chunks(*[part] * 200))
    assert await store.has("documents/1/a")
    assert await content(store, "documents/1/a") == part * 200


async def test_a_second_put_replaces_the_first(store: ObjectStore) -> None:
    await store.put("documents/1/a", chunks(b"first"))
    await store.put("documents/1/a", chunks(b"second"))
    assert await content(store, "documents/1/a") == b"second"


@pytest.mark.parametrize("parts", [1, 120])
async def test_of_bytes_that_break_off_nothing_is_kept(store: ObjectStore, parts: int) -> None:
    with pytest.raises(Interrupted):
        await store.put("documents/1/a", chunks(*[b"x" * 65536] * parts, broken=True))
    assert not await store.has("documents/1/a")
    assert await store.keys("documents/1") == []


async def test_of_bytes_that_break_off_no_file_is_left_behind(tmp_path: Path) -> None:
    store = object_store(tmp_path.as_uri())
    with pytest.raises(Interrupted):
        await store.put("documents/1/a", chunks(b"x" * 6_000_000, broken=True))
    assert files_in(tmp_path) == []


async def test_what_is_missing_is_told(store: ObjectStore) -> None:
    assert not await store.has("documents/1/a")
    with pytest.raises(FileNotFoundError):
        await content(store, "documents/1/a")


async def test_each_call_is_timed_and_a_failed_one_told_apart(tmp_path: Path) -> None:
    calls = Calls(CollectorRegistry())
    store = object_store(tmp_path.as_uri(), calls=calls)
    await store.put("documents/1/a", chunks(b"first"))
    assert await content(store, "documents/1/a") == b"first"
    with pytest.raises(FileNotFoundError):
        await content(store, "documents/1/b")
    name = "integration_call_duration_seconds_count"
    counted = {
        (sample.labels["operation"], sample.labels["result"]): sample.value
        for family in calls.registry.collect()
        for sample in family.samples
        if sample.name == name and sample.labels["target"] == "object_storage"
    }
    once = [("put", "ok"), ("get", "ok"), ("stream", "ok"), ("get", "failed")]
    assert counted == dict.fromkeys(once, 1)


async def test_objects_are_deleted_and_listed_by_folder(store: ObjectStore) -> None:
    for key in ("documents/1/a", "documents/1/b", "documents/12/c", "calendar/1/d"):
        await store.put(key, chunks(b"x"))
    await store.delete("documents/1/b")
    await store.delete("documents/1/b")
    assert sorted(await store.folders()) == ["calendar", "documents"]
    assert await store.keys("documents/1") == ["documents/1/a"]


async def test_a_bucket_is_made_once(s3: S3Access, bucket: ObjectStore) -> None:
    await bucket.put("documents/1/a", chunks(b"x"))
    await bucket.prepare()
    assert await bucket.has("documents/1/a")


async def test_a_store_that_is_away_has_one_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    away = object_store("s3://files", S3Access(endpoint, SecretStr("key"), SecretStr("secret")))
    with pytest.raises(StorageAway):
        await away.prepare()
    with pytest.raises(StorageAway):
        await away.put("documents/1/a", chunks(b"x"))
    with pytest.raises(StorageAway):
        await away.has("documents/1/a")


async def test_wrong_keys_are_said_at_the_start(s3: S3Access) -> None:
    wrong = S3Access(s3.endpoint, s3.access_key, SecretStr("not-the-secret-key"))
    with pytest.raises(StorageAway, match="403"):
        await object_store("s3://files", wrong).prepare()


@pytest.mark.parametrize("url", ["", "files", "http://x/y", "file://host/x", "s3://a/b", "s3://"])
def test_a_url_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="FILES_URL"):
        object_store(url)


def test_an_s3_without_access_is_refused() -> None:
    with pytest.raises(ValueError, match="S3_ENDPOINT"):
        object_store("s3://files")
