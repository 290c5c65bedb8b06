"""Files move from a folder to S3 and back, and an interrupted move goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from services.files.move import Move, NotTheSame, Progress
from services.files.store import ObjectStore

KEYS = [f"documents/{person}/upload-{number}" for person in (1, 2) for number in range(5)]
BIG = "documents/3/big"


@pytest.fixture(params=["to_s3", "to_folder"])
def way(
    request: pytest.FixtureRequest, folder: ObjectStore, bucket: ObjectStore
) -> tuple[ObjectStore, ObjectStore]:
    """Where files come from and where they go, in both directions."""
    return (folder, bucket) if request.param == "to_s3" else (bucket, folder)


def content_of(key: str) -> bytes:
    """Return the bytes kept under a key."""
    return key.encode() * (400_000 if key == BIG else 100)


async def put(store: ObjectStore, key: str, content: bytes) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    await store.put(key, chunks())


async def fill(store: ObjectStore) -> None:
    for key in (*KEYS, BIG):
        await put(store, key, content_of(key))


async def everything(store: ObjectStore) -> dict[str, bytes]:
    return {
        key: b"".join([chunk async for chunk in store.get(key)]) async for key, _ in store.sizes()
    }


def moving(
    way: tuple[ObjectStore, ObjectStore], on_progress: Callable[[Progress], None] = lambda _: None
) -> Move:
    return Move(*way, on_progress)


async def test_everything_arrives_and_stays_where_it_was(
    way: tuple[ObjectStore, ObjectStore],
) -> None:
    source, target = way
    await fill(source)
    said: list[tuple[int, int]] = []

    progress = await moving(way, lambda it: said.append((it.objects_done, it.objects))).run(
        delete_source=False
    )

    expected = {key: content_of(key) for key in (*KEYS, BIG)}
    assert await everything(target) == await everything(source) == expected
    assert said == [(number, 11) for number in range(1, 12)]
    assert progress.size_done == progress.size == sum(map(len, expected.values()))
    assert (progress.equal, progress.gone) == (0, 0)


async def test_only_what_is_not_there_is_copied(way: tuple[ObjectStore, ObjectStore]) -> None:
    source, target = way
    await fill(source)
    await put(target, KEYS[0], content_of(KEYS[0]))
    await put(target, KEYS[1], b"x" * len(content_of(KEYS[1])))
    await put(target, KEYS[2], content_of(KEYS[2])[:-1])
    await put(target, "documents/9/newer", b"newer")

    progress = await moving(way).run(delete_source=False)

    assert progress.equal == 1
    assert await everything(target) == {
        **{key: content_of(key) for key in (*KEYS, BIG)},
        "documents/9/newer": b"newer",
    }


async def test_what_was_copied_is_deleted_when_asked_for(
    way: tuple[ObjectStore, ObjectStore],
) -> None:
    source, target = way
    await fill(source)
    await moving(way).run(delete_source=True)
    assert await everything(source) == {}
    assert len(await everything(target)) == 11


async def test_an_interrupted_move_goes_on(way: tuple[ObjectStore, ObjectStore]) -> None:
    source, target = way
    await fill(source)
    enough = asyncio.Event()

    def stop_soon(progress: Progress) -> None:
        if progress.objects_done == 3:
            enough.set()

    first = asyncio.create_task(moving(way, stop_soon).run(delete_source=True))
    await enough.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert len(await everything(source)) == 11

    progress = await moving(way).run(delete_source=True)

    assert progress.equal >= 3
    assert await everything(source) == {}
    assert await everything(target) == {key: content_of(key) for key in (*KEYS, BIG)}


class Careless(ObjectStore):
    """A store that loses the end of what it keeps."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep the bytes but the last of each chunk."""

        async def shortened() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                yield chunk[:-1]

        await super().put(key, shortened())


async def test_what_arrives_otherwise_stops_the_move_and_nothing_is_deleted(
    folder: ObjectStore, bucket: ObjectStore
) -> None:
    await fill(folder)
    with pytest.raises(NotTheSame):
        await moving((folder, Careless(bucket.backend))).run(delete_source=True)
    assert len(await everything(folder)) == 11


async def test_nothing_is_moved_from_an_empty_place(way: tuple[ObjectStore, ObjectStore]) -> None:
    assert (await moving(way).run(delete_source=True)).objects == 0
