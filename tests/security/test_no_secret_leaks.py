"""A whole run, its failures included: no secret stands in anything it said, sent or stored."""

import asyncio
import hmac
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from services.discovery import all_apps
from services.playground.database import open_database
from services.run import SERVICES
from switchboard.local.servers import LocalServers, local_servers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.links import create_link
from tests.flows.test_documents import open_document
from tests.observability.collector import Collector, listening
from tests.observability.presses import lines_with
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
SOMEBODY = 7_734_512_906
TYPE, LEASE, PHONE = "Kontrakty Zhuravlya", "Lease of Gvozdika", "+79123456789"
WRITTEN = {
    "a person's name": "Zinaida-Unmistakable",
    "a username": "zinaida_unmistakable",
    "a type": TYPE,
    "a document": LEASE,
    "a phone number": PHONE,
    "a file's name": "gvozdika-lease.pdf",
    "what nobody understood": "Where is my gvozdika",
}
"""What people wrote: no log line and no span holds it."""


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
                    "CHAT_BURST": "1000",
                }
            )
            make_room_for_real_ids(Path(services.environment["PLAYGROUND_DIR"]))
            try:
                for together in (PLAYGROUND, EDGE, CORE):
                    await services.start(together)
                async with aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http:
                    yield Run(servers, services, collector, await somebody(http))
            finally:
                await services.stop_all()


async def somebody(http: aiohttp.ClientSession) -> Chat:
    """Make somebody's acquaintance."""
    somebody = {
        "first_name": WRITTEN["a person's name"],
        "username": WRITTEN["a username"],
    }
    async with http.post("/sim/people", json=somebody) as response:
        person_id = (await response.json())["id"]
    assert person_id == SOMEBODY
    return Chat(http, "documents", person_id)


def make_room_for_real_ids(directory: Path) -> None:
    """Let the next person of the playground have an id as long as Telegram's, before it starts."""
    directory.mkdir(parents=True, exist_ok=True)
    with closing(open_database(directory / "playground.sqlite3")) as database:
        database.execute(
            "INSERT INTO people (id, first_name, language_code) VALUES (?, 'Nobody', 'en')",
            (SOMEBODY - 1,),
        )


async def fill_in(person: Chat, type_name: str, name: str) -> None:
    """Answer everything up to the review."""
    await person.sends(PDF + name.encode(), WRITTEN["a file's name"])
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


async def test_a_press_is_a_line_a_message_and_service(run: Run) -> None:
    await add(run.person, "Invoices", "Electricity")
    expected = [
        ("bot", "message.handled", "TelegramUpdate"),
        ("gateway", "update.published", ""),
        ("storage", "message.handled", "AddDocument"),
        ("storage", "message.handled", "UploadClaimed"),
    ]

    async def is_told() -> bool:
        return lines_with(run.collector, "AddDocument") == expected

    await eventually(is_told)


async def test_no_secret_is_anywhere_and_one_that_is_planted_is_found(run: Run) -> None:
    secrets = secrets_of_installation(run.servers.directory, run.services.environment)
    await run.person.says(WRITTEN["what nobody understood"])
    await add(run.person, TYPE, f"{LEASE} {PHONE}")
    await open_document(run.person, f"{TYPE} (1)", f"{LEASE} {PHONE}")
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
    lines = [text for text in texts if text[0].endswith(("says", "LogsServiceRequest"))]
    spans = [text for text in texts if text[0].endswith("TraceServiceRequest")]
    assert find_leaks(WRITTEN, [*lines, *spans]) == []
    assert find_leaks({"an id": str(SOMEBODY)}, lines) == []
    key = run.services.environment["LOG_PERSON_KEY"].encode()
    hashed = hmac.new(key, str(SOMEBODY).encode(), "sha256").hexdigest()[:12]
    for service in (EDGE, CORE):
        assert f"person={hashed}" in "".join(run.services.said[service])
    places = " ".join(place for place, _ in texts)
    for place in ("stream DEAD", "stream EVENTS", "table documents", "Redis told:", f"{EDGE} says"):
        assert place in places
    await run.services.start(EDGE, CORE)
    await add(run.person, "Planted", secrets["LINK_SECRET"])
    found = find_leaks({"LINK_SECRET": secrets["LINK_SECRET"]}, await run.texts())
    assert {"table documents", "the chat"} <= {leak.place for leak in found}
    # What people write is theirs, and is stored; but the logs and traces know the value.
    assert not [leak for leak in found if leak.place.endswith(("says", "Request"))]
