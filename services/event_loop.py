"""The event loop of a process: uvloop, where there is one for the platform, else Python's own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

new_event_loop: Callable[[], asyncio.AbstractEventLoop]
try:
    from uvloop import new_event_loop
except ImportError:  # as on Windows
    from asyncio import new_event_loop


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` in a loop of its own, as asyncio.run does, and return what it returns."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)
