"""Waiting for what will come to be true, instead of for time to pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")

CHECK_EVERY = 0.02
STOP_WITHIN = 30.0


async def eventually(
    condition: Callable[[], Awaitable[T]],
    within: float = 60.0,
    otherwise: Callable[[], str] = str,
) -> T:
    """Return what `condition` gives once that is true.

    Fail when it takes too long, with what `otherwise` says then.
    """
    deadline = asyncio.get_running_loop().time() + within
    while not (found := await condition()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within} s: last seen {found!r}{otherwise()}")
        await asyncio.sleep(CHECK_EVERY)
    return found


@asynccontextmanager
async def running(
    *parts: Callable[[asyncio.Event], Awaitable[None]],
) -> AsyncIterator[asyncio.Event]:
    """Run parts of a service; at the end they are told to stop and must do so in time."""
    stopping = asyncio.Event()
    tasks = [asyncio.ensure_future(part(stopping)) for part in parts]
    try:
        yield stopping
    finally:
        stopping.set()
        async with asyncio.timeout(STOP_WITHIN):
            await asyncio.gather(*tasks)
