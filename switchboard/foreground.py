"""Work that runs until Ctrl-C: asked to stop once, it ends in its own time."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import click

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOP_SECONDS = 20.0


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Cancels the work at the first signal; impatient ones after it do not disturb its end."""
    task = asyncio.ensure_future(work)

    def stop() -> None:
        if not task.cancelling():
            click.echo("Stopping: what is in hand is finished first.")
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not task.cancelling():
            raise


async def until_first_ends(*works: Coroutine[Any, Any, None]) -> None:
    """Runs several things as long as all of them run, and raises what the first one raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_STOP_SECONDS)
