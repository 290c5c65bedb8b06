"""Services that start before their servers wait, say for what, and then carry on by themselves."""

import pytest

from services.run import SERVICES
from switchboard.local.servers import LocalServers
from tests.chat import Chat
from tests.processes.processes import Services

WAITS = {
    "redis": {"bot": "Redis", "notifier": "Redis"},
    "postgres": {"storage": "PostgreSQL", "query": "PostgreSQL"},
    "nats": dict.fromkeys(("gateway", "files", "storage", "query"), "nats.awaited"),
}


@pytest.mark.parametrize("server", WAITS)
async def test_services_wait_for(
    server: str, person: Chat, services: Services, installation: LocalServers
) -> None:
    waiting = WAITS[server]
    for name in waiting:
        await services.stop(name)
    await installation.stop(server)
    for name, words in waiting.items():
        await services.start(name, ready=words)
    await installation.start(server)
    for name in waiting:
        await services.says(name, "services.ready")
    await person.says("/start")
    await person.sees_new("Add document")
    await person.presses("My documents")
    await person.sees_new("no documents yet")


async def test_a_database_that_goes_away_is_said_in_words(
    person: Chat, installation: LocalServers
) -> None:
    await person.says("/start")
    await person.sees_new("My documents")
    await installation.stop("postgres")
    await person.presses("My documents")
    await person.sees_new("can't look that up")
    await installation.start("postgres")
    await person.presses("Try again")
    await person.sees_new("no documents yet")


async def test_a_service_told_to_stop_while_it_waits_does_not_linger(
    services: Services, installation: LocalServers
) -> None:
    await services.stop("files")
    await installation.stop("nats")
    await services.start("files", ready="nats.awaited")
    assert await services.stop("files") == 0
    await installation.start("nats")
    await services.start("files")


async def test_every_service_ends_with_success_when_told_to(services: Services) -> None:
    for name in SERVICES:
        assert await services.stop(name) == 0, "".join(services.said[name])
    await services.start(*SERVICES)
