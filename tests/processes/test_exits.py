"""How processes end: in good order and in time when told to, with a failure otherwise."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.run import LEAVE_AFTER, SERVICES
from switchboard.keys import new_seed, public_key
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.processes.processes import Services

DOCKER_WAITS = 10.0
"""Seconds until it kills."""
ON_THE_BUS = [name for name in SERVICES if name != "playground"]


async def ends_well(services: Services, name: str) -> None:
    """Tell a service to stop; it says success only if it took less than `LEAVE_AFTER`."""
    assert LEAVE_AFTER < DOCKER_WAITS
    assert await services.stop(name) == 0, "".join(services.said[name])


@asynccontextmanager
async def suspended(installation: LocalServers, server: str) -> AsyncIterator[None]:
    """Let a server neither answer nor refuse."""
    process = installation.processes[server]
    everything = [process, *process.children(recursive=True)]
    for each in everything:
        each.suspend()
    try:
        yield
    finally:
        for each in everything:
            each.resume()


@pytest.mark.parametrize("server", ["nats", "postgres", "redis"])
async def test_a_signal_ends_every_service_while_a_server_hangs(
    server: str, services: Services, installation: LocalServers
) -> None:
    async with suspended(installation, server):
        for name in ON_THE_BUS:
            services.send(name, signal.SIGTERM)
        for name in ON_THE_BUS:
            await ends_well(services, name)
    await services.start(*ON_THE_BUS)


@pytest.mark.parametrize("name", ["gateway", "storage"])
async def test_a_connection_that_is_refused_for_good_ends_a_service_with_a_failure(
    name: str, services: Services, installation: LocalServers
) -> None:
    config = installation.directory / "nats.conf"
    before = config.read_text(encoding="utf-8")
    key = public_key(installation.environment[f"NATS_SEED_{name.upper()}"])
    assert key in before
    config.write_text(before.replace(key, public_key(new_seed())), encoding="utf-8")
    try:
        installation.processes["nats"].send_signal(signal.SIGHUP)
        assert await services.ends(name) == 1, "".join(services.said[name])
        assert services.said[name][-1].startswith(f"{name} failed: ")
    finally:
        config.write_text(before, encoding="utf-8")
        installation.processes["nats"].send_signal(signal.SIGHUP)
    await services.start(name)


async def test_a_signal_ends_a_service_that_is_fetching_a_file(
    services: Services, person: Chat
) -> None:
    await person.says("/start")
    await person.sees_new("Add document")
    fault = {"method": "getFile", "delay": 30, "bot": person.app}
    async with person.http.post("/sim/faults", json=fault) as response:
        assert response.status == 201, await response.text()
    await person.sends(b"%PDF-1.4 a slow one", "slow.pdf")

    async def is_being_fetched() -> bool:
        async with person.http.get("/sim/faults") as response:
            return not (await response.json())["faults"]

    await eventually(is_being_fetched, within=120)
    await ends_well(services, "files")
    await services.start("files")
    await person.presses("New type")
    await person.says("Slow ones")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("slow")  # the next copy has fetched it: before that nothing is saved


@pytest.mark.parametrize("words", ["", "health.listening"])
async def test_a_signal_ends_a_start(words: str, services: Services) -> None:
    await services.spawn("query", "query at its start", cold=True)
    if words:
        await services.says("query at its start", words)
    services.send("query at its start", signal.SIGTERM)
    assert await services.ends("query at its start") in (0, -signal.SIGTERM)
