"""An installation to be measured: servers, playground and services, in processes of their own."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
from pydantic import SecretStr

from bus.provision import provision
from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps, consumers
from services.health_address import addresses_in
from services.run import SERVICES
from switchboard.local.servers import LocalServers, local_servers

PLAYGROUND = "playground"
OURS = [name for name in SERVICES if name != PLAYGROUND]
READY_WITHIN, STOPS_WITHIN, CHECK_EVERY = 180.0, 30.0, 0.2
QUICK = {"FLOOD_BURST": "100000", "CHAT_BURST": "100000", "QUOTA_DOCUMENTS": "100000"}
"""Nobody here takes time to read."""
SILENT = {"OTEL_SDK_DISABLED": "true", "LOG_LEVEL": "ERROR"}
CHOSEN_HERE = ("OTEL_", "LOG_LEVEL", "LOG_EXPORT_LEVEL", "LOG_FORMAT")
"""Settings that whoever measures decides alone."""


@dataclass
class Installation:
    """One that runs: where its Telegram is, and the process of its services."""

    address: str
    services: psutil.Process

    def cpu_seconds(self) -> float:
        """Return the processor time that its services have used, in user and kernel."""
        spent = self.services.cpu_times()
        return float(spent.user + spent.system)


@asynccontextmanager
async def installed(
    directory: Path, settings: Mapping[str, str], module: str = "services"
) -> AsyncIterator[Installation]:
    """Run everything in `directory`; the services, not the playground, have the settings."""
    async with AsyncExitStack() as stack:
        common = await stack.enter_async_context(prepared(directory))
        silent = {**common, **SILENT}
        await stack.enter_async_context(running([PLAYGROUND], silent, directory))
        started = await stack.enter_async_context(
            running(OURS, {**common, **settings}, directory, module)
        )
        yield Installation(common["TELEGRAM_API_URL"], started)


@asynccontextmanager
async def prepared(directory: Path) -> AsyncIterator[Mapping[str, str]]:
    """Run the servers in `directory`, migrated and provisioned; yields settings for services."""
    async with serving(directory) as servers:
        yield settings_of(servers)


@asynccontextmanager
async def serving(directory: Path) -> AsyncIterator[LocalServers]:
    """Run the servers in `directory`, migrated and provisioned."""
    async with local_servers(directory, all_apps()) as servers:
        environment = servers.environment
        await asyncio.to_thread(upgrade, migration_url(environment))
        seed = SecretStr(environment["NATS_SEED_OPERATOR"])
        await provision(environment["NATS_URL"], seed, consumers())
        yield servers


def settings_of(servers: LocalServers) -> dict[str, str]:
    """Return settings for services on these servers, with no telemetry chosen."""
    return {**_without_telemetry(servers.environment), **QUICK}


@asynccontextmanager
async def running(
    names: list[str], settings: Mapping[str, str], directory: Path, module: str = "services"
) -> AsyncIterator[psutil.Process]:
    """Run services in one process of their own, from when they are ready to the block's end."""
    folder = directory / f"health-{names[0]}"
    given = {**settings, "HEALTH_DIR": str(folder)}
    async with _started(module, names, given, directory) as started:
        await _ready(folder, started, _log_of(names, directory))
        yield psutil.Process(started.pid)


def _without_telemetry(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(CHOSEN_HERE)}


@asynccontextmanager
async def _started(
    module: str, names: list[str], environment: Mapping[str, str], directory: Path
) -> AsyncIterator[Process]:
    with _log_of(names, directory).open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *names),
            stdout=said,
            stderr=said,
            env={"PATH": os.environ["PATH"], **environment},
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), STOPS_WITHIN)


def _log_of(names: list[str], directory: Path) -> Path:
    return directory / f"{names[0]}.log"


async def _ready(folder: Path, process: Process, log: Path) -> None:
    async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as http:
        while True:
            if process.returncode is not None:
                raise RuntimeError(await asyncio.to_thread(log.read_text))
            for address in addresses_in(folder):
                async with http.get(f"{address}/readyz") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(CHECK_EVERY)
