"""The local nats-server: what streams hold survives a change of how it is set up."""

import asyncio
from pathlib import Path

import nats
from pydantic import SecretStr

from bus.connection import connect
from bus.topology import STREAMS
from services.discovery import all_apps
from switchboard.local.ports import HOST, Ports
from switchboard.local.programs import find_script
from switchboard.local.servers import local_servers
from tests.bus.conftest import NOT_STARTED


async def _fill_without_accounts(directory: Path) -> None:
    """Store an event with a server as it was before there were accounts."""
    port = Ports(directory / "ports.json").get("before")
    store = directory / "nats"
    store.mkdir()
    command = (find_script("nats-server"), "-a", HOST, "-p", str(port), "-js", "-sd", str(store))
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        client = await nats.connect(f"nats://{HOST}:{port}", max_reconnect_attempts=-1)
        await client.jetstream().add_stream(STREAMS["EVENTS"])
        await client.jetstream().publish("event.documents.type_added", b"{}")
        await client.close()
    finally:
        server.terminate()
        await asyncio.wait_for(server.wait(), 60)


async def test_streams_of_a_time_without_accounts_are_kept(scratch: Path) -> None:
    await _fill_without_accounts(scratch)
    async with local_servers(scratch, all_apps(), NOT_STARTED) as servers:
        settings = servers.environment
        seed = SecretStr(settings["NATS_SEED_OPERATOR"])
        async with connect(settings["NATS_URL"], "operator", seed) as link:
            info = await link.jetstream.stream_info("EVENTS")
    assert info.state.messages == 1
