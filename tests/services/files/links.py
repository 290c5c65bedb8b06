"""A files service's address for links, on a real bus, with whatever links a test wants there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import unused_port
from nats.errors import Error as NatsError
from opentelemetry.sdk.trace import TracerProvider
from pydantic import SecretStr

from bus import Actor, Router
from bus.connection import connect
from bus.discovery import ServiceDescription
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.responder import Responder
from contracts.base import PersonId
from contracts.calendar import (
    CalendarTasks,
    DeadFeed,
    ExportedTask,
    Feed,
    GetFeed,
    ListCalendar,
)
from contracts.files import DeadLink, GetLink, LinkedFile, LinkedFiles
from services.files.keep import keep, key_of
from services.files.links.opening import Opener
from services.files.links.serving import Links
from services.files.store import ObjectStore
from services.link_signing import LinkSigner
from tests.bus.waiting import eventually, running

ANNA = 1001
SIGNER = LinkSigner("https://files.example.org", (SecretStr("a-secret-of-the-tests-0123456789"),))
CONTENT = bytes(range(256)) * 1000
FEED_PAGE = 2
LATER = datetime.now(UTC) + timedelta(hours=1)
TRACER = TracerProvider().get_tracer("tests")


def tampered(token: str) -> str:
    """Return the token with another last character: any of 64 may be the right one."""
    return token[:-1] + ("A" if token[-1] != "A" else "B")


@dataclass(slots=True)
class Known:
    """What query knows of links: by id, what each opens."""

    links: dict[int, LinkedFiles | DeadLink] = field(default_factory=dict)
    feeds: dict[int, Sequence[ExportedTask]] = field(default_factory=dict)
    calendars: dict[PersonId, Sequence[ExportedTask]] = field(default_factory=dict)

    def add(self, *files: LinkedFile) -> str:
        """Add a link to files and return what opens it."""
        link_id = len(self.links) + 1
        self.links[link_id] = LinkedFiles(
            person_id=ANNA, app="documents", title="Паспорт & Co", files=files
        )
        return SIGNER.sign(link_id, LATER)

    def add_dead(self, link: DeadLink) -> str:
        """Add a link that opens nothing any more."""
        self.links[len(self.links) + 1] = link
        return SIGNER.sign(len(self.links), LATER)

    @asynccontextmanager
    async def answering(self, environment: dict[str, str]) -> AsyncIterator[None]:
        """Answer as query does."""
        router = Router()

        @router.handle
        async def get_link(query: GetLink) -> LinkedFiles | DeadLink:
            return self.links.get(query.link_id, DeadLink(reason="gone"))

        @router.handle
        async def list_calendar(query: ListCalendar, actor: Actor) -> CalendarTasks:
            tasks = self.calendars.get(actor.person, ())
            left = [task for task in tasks if task.task_id > query.after]
            return CalendarTasks(
                language="ru",
                time_zone="Europe/Berlin",
                tasks=tuple(left[:FEED_PAGE]),
                more=len(left) > FEED_PAGE,
            )

        @router.handle
        async def get_feed(query: GetFeed) -> Feed | DeadFeed:
            if query.feed_id not in self.feeds:
                return DeadFeed()
            left = [task for task in self.feeds[query.feed_id] if task.task_id > query.after]
            return Feed(
                person_id=ANNA,
                language="ru",
                time_zone="Europe/Berlin",
                tasks=tuple(left[:FEED_PAGE]),
                more=len(left) > FEED_PAGE,
            )

        async with answering(environment, router):
            yield


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody with a link."""

    http: ClientSession

    async def opens(
        self, token: str, *, method: str = "GET", **headers: str
    ) -> tuple[ClientResponse, bytes]:
        """Return the answer and its body."""
        return await self._asks(method, f"/files/{token}", headers)

    async def subscribes(self, token: str, **headers: str) -> tuple[ClientResponse, bytes]:
        """Return the answer of a feed's address and its body."""
        return await self._asks("GET", f"/calendar/{token}.ics", headers)

    async def _asks(
        self, method: str, path: str, headers: dict[str, str]
    ) -> tuple[ClientResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, path, headers=named) as response:
            return response, await response.read()


@asynccontextmanager
async def answering(environment: dict[str, str], router: Router) -> AsyncIterator[None]:
    """Answer what a router handles, as query does."""
    seed = SecretStr(environment["NATS_SEED_QUERY"])
    async with connect(environment["NATS_URL"], "query", seed) as link:
        responder = Responder(
            link=link,
            tracer=TRACER,
            handlers=list(router),
            resolver=Resolver({}),
            description=ServiceDescription(name="query", version="1.0.0", description="Tests"),
        )
        async with running(responder.run):
            await _until_heard(environment)
            yield


@asynccontextmanager
async def links_served(
    environment: dict[str, str], store: ObjectStore, *, accelerated: bool = False
) -> AsyncIterator[str]:
    """Serve links as files does; yields the address."""
    seed = SecretStr(environment["NATS_SEED_FILES"])
    async with connect(environment["NATS_URL"], "files", seed) as link:
        opener = Opener(SIGNER, Publisher(link, TRACER))
        links = Links(opener=opener, store=store, tracer=TRACER, accelerated=accelerated)
        port = unused_port()
        listening = asyncio.Event()
        serving = asyncio.create_task(links.serve("127.0.0.1", port, listening))
        try:
            async with asyncio.timeout(60):
                await listening.wait()
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def stored(
    store: ObjectStore,
    name: str = "passport.pdf",
    *,
    mime_type: str = "application/pdf",
    content: bytes = CONTENT,
    upload_id: str = "documents-7-1",
) -> LinkedFile:
    """Keep a file and return how query describes it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    kept = await keep(store, key_of("documents", ANNA, upload_id), chunks())
    return LinkedFile(
        upload_id=upload_id, name=name, mime_type=mime_type, size=kept.size, sha256=kept.sha256
    )


async def _until_heard(environment: dict[str, str]) -> None:
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:

        async def is_listening() -> bool:
            try:
                await link.client.request("$SRV.PING.query", timeout=1)
            except (NatsError, TimeoutError):
                return False
            return True

        await eventually(is_listening)
