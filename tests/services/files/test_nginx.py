"""With nginx in front the service decides and nginx sends the bytes, from a folder and from S3."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from contracts.files import DeadLink
from services.files.keep import key_of
from services.files.store import ObjectStore, S3Access
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.services.files.links import ANNA, CONTENT, SIGNER, Browser, Known, links_served, stored
from tests.services.files.nginx import Behind, nginx, nginx_program
from tests.services.files.test_ics import task


@dataclass(slots=True)
class Gateway:
    """Takes webhooks as the gateway does, and remembers what came."""

    came: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def _take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.came.append((request.path, secret, await request.read()))
        return web.Response()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Yield its host and port."""
        application = web.Application()
        application.router.add_post("/telegram/{app}", self._take)
        async with TestServer(application) as server:
            yield f"{server.host}:{server.port}"


@dataclass(frozen=True, slots=True)
class Fronted:
    """A browser that reaches the service through nginx, and one that does not."""

    browser: Browser
    behind: Browser
    known: Known
    store: ObjectStore
    directory: Path
    gateway: Gateway


@pytest_asyncio.fixture
async def fronted(
    nats: LocalServers, store: ObjectStore, s3: S3Access, tmp_path: Path, scratch: Path
) -> AsyncIterator[Fronted]:
    """The service with nginx in front of it."""
    program = nginx_program()
    if program is None:
        missing = pytest.fail if os.environ.get("SWITCHBOARD_CI") else pytest.skip
        missing("needs the Debian package nginx-light")
    known, folder = Known(), tmp_path / "kept files"
    gateway = Gateway()
    async with (
        gateway.listening() as webhooks,
        known.answering(nats.environment),
        links_served(nats.environment, store, accelerated=True) as behind,
        nginx(
            program,
            scratch,
            Behind(
                files=urlsplit(behind).netloc,
                gateway=webhooks,
                s3=urlsplit(s3.endpoint).netloc,
                folder=folder,
            ),
        ) as front,
        ClientSession(front) as http,
        ClientSession(behind) as http_behind,
    ):
        yield Fronted(Browser(http), Browser(http_behind), known, store, scratch, gateway)


async def test_nginx_sends_what_the_service_allows(fronted: Fronted) -> None:
    token = fronted.known.add(await stored(fronted.store, "Паспорт.html", mime_type="text/html"))

    response, body = await fronted.browser.opens(token)

    assert (response.status, body) == (200, CONTENT)
    assert response.headers["Server"] == "nginx"
    for header in ("Content-Type", "Content-Disposition", "Cache-Control"):
        direct, _ = await fronted.behind.opens(token, method="HEAD")
        assert response.headers.getall(header) == [direct.headers[header]]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    shown = [name.lower() for name in response.headers]
    assert not [name for name in shown if name.startswith(("x-amz", "x-accel", "seaweed"))]


async def test_the_service_itself_sends_no_bytes(fronted: Fronted) -> None:
    token = fronted.known.add(await stored(fronted.store))
    response, body = await fronted.behind.opens(token)
    assert (response.status, body) == (200, b"")
    assert response.headers["X-Accel-Redirect"].startswith(("/_files/", "/_s3/"))


async def test_parts_and_heads_are_answered(fronted: Fronted) -> None:
    token = fronted.known.add(await stored(fronted.store))
    part, body = await fronted.browser.opens(token, Range="bytes=100-199")
    assert (part.status, body) == (206, CONTENT[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(CONTENT)}"
    beyond, _ = await fronted.browser.opens(token, Range="bytes=999999-")
    assert beyond.status == 416
    head, body = await fronted.browser.opens(token, method="HEAD")
    assert (head.status, head.headers["Content-Length"], body) == (200, str(len(CONTENT)), b"")


async def test_what_is_refused_stays_refused(fronted: Fronted) -> None:
    file = await stored(fronted.store)
    token = fronted.known.add(file)
    key = key_of("documents", ANNA, file.upload_id)
    revoked = fronted.known.add_dead(DeadLink(reason="revoked"))
    for address, status in (("x", 403), (revoked, 410)):
        response, _ = await fronted.browser.opens(address)
        assert response.status == status
    for path in (f"/_files/{key}", f"/_s3/{key}", f"/files/../_files/{key}", "/healthz"):
        async with fronted.browser.http.get(path) as response:
            assert response.status == 404
    await fronted.store.delete(key)
    response, _ = await fronted.browser.opens(token)
    assert response.status == 404


async def test_feeds_come_from_the_service(fronted: Fronted) -> None:
    fronted.known.feeds[7] = [task()]
    opens = SIGNER.feed_url(7).rpartition("/")[2].removesuffix(".ics")
    response, body = await fronted.browser.subscribes(opens)
    assert response.status == 200
    assert body.startswith(b"BEGIN:VCALENDAR")
    again, _ = await fronted.browser.subscribes(opens, If_None_Match=response.headers["ETag"])
    assert again.status == 304


async def test_webhooks_come_to_the_gateway_and_nothing_else_does(fronted: Fronted) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": "of-a-webhook"}
    browser = fronted.browser.http
    async with browser.post("/telegram/documents", data=b"{}", headers=secret) as response:
        assert response.status == 200
    assert fronted.gateway.came == [("/telegram/documents", "of-a-webhook", b"{}")]
    async with browser.post("/telegram/documents", data=bytes(2**20 + 1)) as response:
        assert response.status == 413
    for path in ("/", "/metrics", "/readyz", "/telegram", "/telegram/../metrics"):
        async with browser.get(path) as response:
            assert response.status in (404, 405), path
    assert len(fronted.gateway.came) == 1


async def test_the_log_of_nginx_does_not_hold_what_opens_a_link(fronted: Fronted) -> None:
    token = fronted.known.add(await stored(fronted.store))
    await fronted.browser.opens(token)

    async def said() -> str:  # written after the answer
        log = (fronted.directory / "access.log").read_text(encoding="utf-8")
        return log if '"GET" 200' in log else ""

    assert token not in await eventually(said)
