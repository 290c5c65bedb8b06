"""A deadline of ours ends a block as asyncio's does: by a TimeoutError, and nobody else's."""

import asyncio

import pytest

from bus.within import Within


async def forever() -> None:
    """Wait for what does not come."""
    await asyncio.Event().wait()


async def test_what_takes_too_long_ends_and_the_next_is_not_touched() -> None:
    deadline = Within(0.0)
    with pytest.raises(TimeoutError), deadline:
        await forever()
    assert deadline.expired()
    await asyncio.sleep(0)  # it would be cancelled here, if anything were left
    with Within(60.0), Within(None):
        await asyncio.sleep(0)


async def test_of_two_deadlines_the_one_that_is_over_strikes() -> None:
    outer = Within(60.0)
    with outer, pytest.raises(TimeoutError), Within(0.0):
        await forever()
    assert not outer.expired()


async def test_who_is_cancelled_is_cancelled_also_when_it_is_late() -> None:
    begun = asyncio.Event()

    async def late_and_cancelled() -> None:
        deadline = Within(60.0)
        with deadline:
            begun.set()
            try:
                await forever()
            finally:
                deadline.strike()

    task = asyncio.create_task(late_and_cancelled())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_block_is_its_own() -> None:
    with pytest.raises(KeyError), Within(0.0):
        raise KeyError
