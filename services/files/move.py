"""Moves objects from one store to another: copied, read back, and deleted only after that."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.files.store import ObjectStore

AT_ONCE = 4


class NotTheSame(Exception):
    """An object came back from the target otherwise than it was put there."""


@dataclass(slots=True)
class Progress:
    """How far a move is; sizes in bytes. Equal objects were there already, from a run before."""

    objects: int = 0
    size: int = 0
    objects_done: int = 0
    size_done: int = 0
    equal: int = 0
    gone: int = 0


@dataclass(slots=True)
class Move:
    """One move; run again after an interruption, it copies only what is not there yet.

    Nothing else may write to the source meanwhile: what it got or lost would be overlooked.
    """

    source: ObjectStore
    target: ObjectStore
    on_progress: Callable[[Progress], None]
    progress: Progress = field(default_factory=Progress)
    _there: dict[str, int] = field(default_factory=dict, init=False)

    async def run(self, *, delete_source: bool) -> Progress:
        """Copy all objects, and delete them from the source once all of them were compared.

        Raises NotTheSame and StorageAway; then nothing is deleted.
        """
        found = [item async for item in self.source.sizes()]
        self._there = {key: size async for key, size in self.target.sizes()}
        self.progress.objects = len(found)
        self.progress.size = sum(size for _, size in found)
        waiting = iter(found)
        await _side_by_side(lambda: self._copy_each(waiting))
        if delete_source:
            deleting = iter(found)
            await _side_by_side(lambda: self._delete_each(deleting))
        return self.progress

    async def _copy_each(self, waiting: Iterator[tuple[str, int]]) -> None:
        for key, size in waiting:
            try:
                if await self._is_equal(key, size):
                    self.progress.equal += 1
                else:
                    await self._copy(key)
            except FileNotFoundError:
                self.progress.gone += 1  # discarded since it was listed
            self.progress.objects_done += 1
            self.progress.size_done += size
            self.on_progress(self.progress)

    async def _delete_each(self, waiting: Iterator[tuple[str, int]]) -> None:
        for key, _ in waiting:
            await self.source.delete(key)

    async def _is_equal(self, key: str, size: int) -> bool:
        if self._there.get(key) != size:
            return False
        return await _digest(self.source, key) == await _digest(self.target, key)

    async def _copy(self, key: str) -> None:
        digest = hashlib.sha256()
        source = await self.source.open(key)

        async def observed() -> AsyncIterator[bytes]:
            async for chunk in source:
                digest.update(chunk)
                yield chunk

        await self.target.put(key, observed())
        if await _digest(self.target, key) != digest.digest():
            raise NotTheSame(key)


async def _side_by_side(part: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(part())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _digest(store: ObjectStore, key: str) -> bytes:
    digest = hashlib.sha256()
    async for chunk in store.get(key):
        digest.update(chunk)
    return digest.digest()
