"""One timer for all that waits in a loop."""

import asyncio
from contextvars import ContextVar

from bus.lookout import Lookout
from tests.bus.waiting import eventually

OFTEN = 0.01
MESSAGE: ContextVar[str] = ContextVar("MESSAGE", default="none")


async def next_look(looks: list[int]) -> None:
    """Wait until it has looked once more."""
    before = len(looks)

    async def has_looked() -> bool:
        return len(looks) > before

    await eventually(has_looked)


async def test_it_looks_while_anything_waits_and_begins_anew_when_something_does() -> None:
    looks: list[int] = []
    waiting = {"first"}
    lookout = Lookout(waiting, lambda found, _: looks.append(len(found)))
    loop = asyncio.get_running_loop()
    lookout.begin(OFTEN, loop)
    await next_look(looks)
    waiting.add("second")
    await next_look(looks)
    await next_look(looks)
    waiting.clear()

    async def has_ended() -> bool:
        return not lookout.is_looking

    await eventually(has_ended)
    waiting.add("third")
    lookout.begin(OFTEN, loop)
    await next_look(looks)
    waiting.clear()
    await eventually(has_ended)
    assert {*looks} == {0, 1, 2}, "with nothing left it looks once more"


async def test_what_one_of_them_meets_leaves_the_others_looked_after() -> None:
    looks: list[int] = []
    heard: list[object] = []
    waiting = {"first"}

    def look(found: set[str], _: float) -> None:
        looks.append(len(found))
        if len(looks) == 1:
            raise ValueError("of the first")

    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: heard.append(context["exception"]))
    try:
        Lookout(waiting, look).begin(OFTEN, loop)
        await next_look(looks)
        await next_look(looks)
    finally:
        waiting.clear()
        loop.set_exception_handler(before)
    assert [str(error) for error in heard] == ["of the first"]


async def test_it_holds_nothing_of_who_came_first() -> None:
    looks: list[int] = []
    seen: set[str] = set()
    waiting = {"first"}

    def look(found: set[str], _: float) -> None:
        looks.append(len(found))
        seen.add(MESSAGE.get())

    MESSAGE.set("the first one's")
    Lookout(waiting, look).begin(OFTEN, asyncio.get_running_loop())
    await next_look(looks)
    waiting.clear()
    assert seen == {"none"}
