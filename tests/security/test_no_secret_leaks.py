"""A whole run, its failures included: no secret stands in anything it said, sent or stored."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from services.discovery import all_apps
from services.run import SERVICES
from switchboard.local.servers import LocalServers, local_servers
from tests.chat import Chat
from tests.flows.links import create_link
from tests.flows.test_documents import open_document
from tests.observability.collector import Collector, listening
from tests.processes.conftest import prepare
from tests.processes.processes import Services
from tests.security.leaks import find_leaks, secrets_of_installation, stored
from tests.security.provoking import (
    CORE,
    EDGE,
    PLAYGROUND,
    failing_dependencies,
    failing_telegram,
    looking_from_outside,
    poison,
    provoked_bug,
    wrong_starts,
)

pytestmark = pytest.mark.timeout(600)

assert {*EDGE.split(), *CORE.split(), PLAYGROUND} == {*SERVICES}
PDF = b"%PDF-1.4 the bytes of a contract"


@dataclass
class Run:
    """An installation, and all that it has said."""

    servers: LocalServers
    services: Services
    collector: Collector
    person: Chat
    said: list[tuple[str, str | bytes]] = field(default_factory=list)

    async def texts(self) -> list[tuple[str, str | bytes]]:
        """Return everything that can be read anywhere."""
        texts = [*self.said, *await stored(self.servers.directory, self.services.environment)]
        texts += [(f"{name} says", "".join(lines)) for name, lines in self.services.said.items()]
        for queue in (self.collector.spans, self.collector.logs):
            sent = [queue.get_nowait() for _ in range(queue.qsize())]
            # Looked at again later on, too.
            for request in sent:
                queue.put_nowait(request)
            texts += [(type(request).__name__, str(request)) for request in sent]
        for path in ("/sim/people", "/sim/bots", "/sim/outbox", "/sim/faults"):
            async with self.person.http.get(path) as response:
                texts.append((path, await response.text()))
        texts.append(("the chat", await self.person.transcript()))
        return texts


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def run() -> AsyncIterator[Run]:
    """Every service as a process, by webhook, and one person."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with local_servers(Path(directory), all_apps()) as servers, listening() as collector:
            await prepare(servers.environment)
            services = Services(
                {
                    **servers.environment,
                    "TELEGRAM_MODE": "webhook",
                    "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
                    "LOG_LEVEL": "DEBUG",
                    "HEALTH_PORT": "0",
                    "FLOOD_BURST": "100000",
                }
            )
            try:
                for together in (PLAYGROUND, EDGE, CORE):
                    await services.start(together)
                async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
                    yield Run(servers, services, collector, await somebody(http))
            finally:
                await services.stop_all()


async def somebody(http: aiohttp.ClientSession) -> Chat:
    """Make somebody's acquaintance."""
    async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
        return Chat(http, "documents", (await response.json())["id"])


async def fill_in(person: Chat, type_name: str, name: str) -> None:
    """Answer everything up to the review."""
    await person.sends(PDF + name.encode(), "contract.pdf")
    await person.presses("New type")
    await person.says(type_name)
    await person.sees_new("Keep")
    await person.says(name)
    await person.sees_new("Save")


async def add(person: Chat, type_name: str, name: str) -> None:
    """Add a document, from the file to the confirmation."""
    await fill_in(person, type_name, name)
    await person.presses("Save")
    await person.sees_new("Saved")


async def test_no_secret_is_anywhere_and_one_that_is_planted_is_found(run: Run) -> None:
    secrets = secrets_of_installation(run.servers.directory, run.services.environment)
    await add(run.person, "Contracts", "Lease")
    await open_document(run.person, "Contracts (1)", "Lease")
    address = await create_link(run.person)
    run.said += await looking_from_outside(run.services, address)
    await failing_telegram(run.person, run.services)
    await poison(run.services.environment)
    await fill_in(run.person, "Bugs", "Never saved")
    await provoked_bug(run.person, run.services)
    await failing_dependencies(run.person, run.servers, run.services)
    mistaken, said = await wrong_starts(run.services.environment)
    run.said += said
    await asyncio.gather(run.services.stop(EDGE), run.services.stop(CORE))

    texts = await run.texts()

    assert find_leaks({**secrets, **mistaken}, texts) == []
    places = " ".join(place for place, _ in texts)
    for place in ("stream DEAD", "stream EVENTS", "table documents", "Redis told:", f"{EDGE} says"):
        assert place in places
    await run.services.start(EDGE, CORE)
    await add(run.person, "Planted", secrets["LINK_SECRET"])
    found = find_leaks({"LINK_SECRET": secrets["LINK_SECRET"]}, await run.texts())
    assert {"table documents", "the chat"} <= {leak.place for leak in found}
    # What people write is theirs, and is stored; but the logs and traces know the value.
    assert not [leak for leak in found if leak.place.endswith(("says", "Request"))]
