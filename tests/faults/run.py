"""One run from beginning to end: start, load, faults, quiet, verdict."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.faults.flatness import Lives
from tests.faults.installation import installed
from tests.faults.judging import Ended, judge_run
from tests.faults.quiet import Quiet, until_quiet
from tests.faults.report import Outcome
from tests.faults.schedule import mailing_moments
from tests.faults.stage import Order, Stage

WARM_UP = 5.0
"""Seconds of undisturbed chatting before the first fault."""
ANSWERS_WITHIN = 60.0
"""Seconds that people who wait for an answer still get once it is quiet."""


async def run(order: Order, directory: Path) -> Outcome:
    """Run it all in a directory, where the logs stay; raises when the harness itself fails."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        installed(directory, order.copies) as installation,
        aiohttp.ClientSession(connector=connector) as http,
    ):
        stage = Stage(order, installation, http)
        await stage.set_up()
        lives = Lives()
        async with _beside(
            lives.watch(installation), stage.remind(), *(each.follow() for each in stage.hands)
        ):
            quiet, waiting = await _act(stage)
        return await judge_run(stage, Ended(quiet, waiting, lives))


async def _act(stage: Stage) -> tuple[Quiet, dict[int, tuple[str, int]]]:
    """Let people live under faults, then let it become quiet."""
    await stage.author.says("/start")
    living = asyncio.create_task(_live(stage))
    moments = mailing_moments(stage.order.faults, stage.order.seconds)
    mailing = asyncio.create_task(stage.mailings.keep_sending([WARM_UP + at for at in moments]))
    hurting = asyncio.create_task(_hurt(stage))
    await asyncio.wait([living, mailing, hurting], return_when=asyncio.FIRST_COMPLETED)
    for endless in (living, mailing):
        if endless.done():
            endless.result()  # people never end by themselves
    await hurting
    mailing.cancel()
    stage.closing.set()
    await stage.installation.until_ready()
    await stage.mailings.all_asked_for()
    quiet = await until_quiet(stage.installation, stage.hands, stage.mailings)
    await asyncio.wait([living], timeout=ANSWERS_WITHIN)
    waiting = {each.number: each.waiting for each in stage.people if each.waiting}
    living.cancel()
    return quiet, waiting


async def _live(stage: Stage) -> None:
    """Let everybody live until the run is over."""
    await asyncio.gather(*(life.live() for life in stage.lives))


async def _hurt(stage: Stage) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(WARM_UP)
    began = loop.time()
    await stage.injuries.carry_out(stage.order.faults)
    await asyncio.sleep(max(0.0, stage.order.seconds - (loop.time() - began)))


@asynccontextmanager
async def _beside(*parts: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()  # none of them may fail
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
