"""Places for handlers: one of each consumer, some shared, given in turn, and none ever lost."""

import asyncio
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bus.middleware.concurrency import Slots

SHARED = 2


async def turn() -> None:
    """Let everything that can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_of_each_is_let_through_beside_the_shared_ones() -> None:
    slots, done, inside = Slots(SHARED), asyncio.Event(), Counter[str]()

    async def work(whose: str) -> None:
        async with slots.taken(whose):
            inside[whose] += 1
            await done.wait()

    tasks = [asyncio.create_task(work(whose)) for whose in ["slow"] * 9 + ["other"]]
    await turn()
    assert inside == {"slow": 1 + SHARED, "other": 1}
    done.set()
    await asyncio.gather(*tasks)
    assert inside == {"slow": 9, "other": 1}


async def test_who_waits_longest_is_next_and_a_newcomer_does_not_overtake() -> None:
    slots, order = Slots(0), list[int]()

    async def work(number: int) -> None:
        async with slots.taken("one"):
            order.append(number)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(work(number)) for number in range(4)]
    await turn()
    tasks.append(asyncio.create_task(work(4)))
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 3, 4]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30), st.randoms())
def test_no_place_is_lost_whoever_is_cancelled(
    wanted: list[tuple[str, bool]], random: Random
) -> None:
    async def all_of_them() -> None:
        slots, go, inside = Slots(SHARED), asyncio.Event(), Counter[str]()

        async def work(whose: str) -> None:
            async with slots.taken(whose):
                inside[whose] += 1
                assert inside.total() <= SHARED + len(set("abc"))
                try:
                    await go.wait()
                    await asyncio.sleep(0)
                finally:
                    inside[whose] -= 1

        tasks = [(asyncio.create_task(work(whose)), cancelled) for whose, cancelled in wanted]
        await turn()
        random.shuffle(tasks)
        go.set()
        for task, cancelled in tasks:
            if cancelled:
                task.cancel()
            if random.random() < 0.5:
                await asyncio.sleep(0)
        await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
        # All are free again: one of each, and the shared ones.
        for whose in [*"abc", *"a" * SHARED]:
            await asyncio.wait_for(slots.take(whose), timeout=10)

    asyncio.run(all_of_them())
