"""nats-server, from its wheel, with the users and permissions that the code says today."""

from pathlib import Path

import aiohttp

from bus.server_config import ENVIRONMENT, ServerPlace, nats_config
from bus.users import CORE
from services.discovery import consumers
from switchboard.local.ports import HOST
from switchboard.local.private_files import write_private
from switchboard.local.programs import find_script
from switchboard.local.server import Program
from switchboard.local.setup import Setup


async def nats_program(setup: Setup) -> Program:
    """Writes nats.conf anew: permissions follow the code, not the last run."""
    port, http = setup.ports.get("nats"), setup.ports.get("nats-monitoring")
    store = setup.directory / "nats"
    store.mkdir(exist_ok=True)
    _into_its_account(store / "jetstream")
    config = setup.directory / "nats.conf"
    write_private(
        config,
        nats_config(
            setup.secrets.public_keys(),
            consumers(),
            ServerPlace(store_dir=str(store), listen=f"{HOST}:{port}", http=f"{HOST}:{http}"),
        ),
    )

    async def is_ready() -> bool:
        return await _is_healthy(f"http://{HOST}:{http}/healthz")

    return Program(
        name="nats-server",
        command=nats_command(config),
        ports=[port, http],
        is_ready=is_ready,
    )


def nats_command(config: Path) -> list[str]:
    """Return the command of a server with this configuration; raises Trouble without a server."""
    environment = (f"{name}={value}" for name, value in ENVIRONMENT.items())
    return ["/usr/bin/env", *environment, find_script("nats-server"), "-c", str(config)]


def _into_its_account(streams: Path) -> None:
    """Keep what streams hold from a time before there were accounts."""
    nobodys, core = streams / "$G", streams / CORE
    if nobodys.is_dir() and not core.exists():
        nobodys.rename(core)


async def _is_healthy(url: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=2)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            return bool(answer.ok)
    except (aiohttp.ClientError, TimeoutError):
        return False
