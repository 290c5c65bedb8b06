"""The usual bot, on a PostgreSQL and a Redis like ours, in any number of copies."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
from sqlalchemy import make_url

from benchmarks.installation import serving, settings_of
from benchmarks.presses.ours import APP
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import Door

STARTS_WITHIN, STOPS_WITHIN = 60.0, 15.0


@asynccontextmanager
async def usual(directory: Path, telegram_url: str, copies: int = 1) -> AsyncIterator[Stack]:
    """Run it in `directory`; updates go to the copies in turn."""
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(serving(directory))
        settings = settings_of(servers)
        url = make_url(settings["DATABASE_URL"]).set(drivername="postgresql")
        environment = {
            "TELEGRAM_API_URL": telegram_url,
            "BOT_TOKEN": json.loads(settings["BOT_TOKENS"])[APP],
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "REDIS_URL": settings["REDIS_URL"],
        }
        services, doors = {}, []
        for number in range(1, copies + 1):
            log = directory / f"usual-{number}.log"
            process, port = await stack.enter_async_context(_copy(environment, log))
            services[f"bot-{number}"] = process
            doors.append(Door(f"http://127.0.0.1:{port}/webhook"))
        processes = {n: p for n, p in servers.processes.items() if n != "nats"}
        yield Stack(doors, services, processes, environment)


@asynccontextmanager
async def _copy(
    environment: dict[str, str], log: Path
) -> AsyncIterator[tuple[psutil.Process, int]]:
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.peers.usual_bot"),
            stdout=PIPE,
            stderr=said,
            env={"PATH": os.environ["PATH"], **environment},
        )
    try:
        assert process.stdout
        async with asyncio.timeout(STARTS_WITHIN):
            port = (await process.stdout.readline()).strip()
        if not port:
            raise RuntimeError(await asyncio.to_thread(log.read_text))
        yield psutil.Process(process.pid), int(port)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), STOPS_WITHIN)
