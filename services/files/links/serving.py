"""The addresses that are given out: `/files/<token>`, with a number for one of several files.

Beside them stand those of feeds, which feeds.py answers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from aiohttp import web
from opentelemetry.trace import SpanKind, Tracer

from bus.lines import name_span, seconds_since
from contracts.files import LinkedFile, LinkedFiles
from observability.handling import bind, handling, name_person
from observability.traces import current_trace_id
from screens.files.pages import feed_trouble, link_trouble
from services.files.keep import key_of
from services.files.links.feeds import Feeds
from services.files.links.headers import file_headers, is_known
from services.files.links.opening import NotOpened, Opener
from services.files.links.pages import TroubleWords, list_page, trouble_page
from services.files.links.ranges import Unsatisfiable, part_of
from services.files.store import ObjectStore, StorageAway

log = structlog.get_logger()

STOP_SECONDS = 4
WRITE_SECONDS = 60.0
"""How long a client may take for one chunk."""


Open = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What opens an address; raises NotOpened."""


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of one kind: of which app, without what opens them, and how trouble is told."""

    app: str
    route: str
    words: TroubleWords


LINKS = Address("files", "/files/{link}", link_trouble)
FEEDS = Address("calendar", "/calendar/{feed}.ics", feed_trouble)


@dataclass(frozen=True, slots=True)
class Links:
    """Serves the files behind links, and feeds.

    `accelerated` leaves the bytes of files to the nginx in front.
    """

    opener: Opener
    store: ObjectStore
    tracer: Tracer
    accelerated: bool = False
    feeds: Feeds = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "feeds", Feeds(self.opener.signer, self.opener.publisher))

    def application(self) -> web.Application:
        """Return the server."""
        application = web.Application()
        application.router.add_get("/files/{token}", self._answer_link)
        application.router.add_get(r"/files/{token}/{number:[0-9]{1,3}}", self._answer_link)
        application.router.add_get("/calendar/{token}.ics", self._answer_feed)
        return application

    async def serve(self, host: str, port: int, listening: asyncio.Event) -> None:
        """Listen and set `listening`; never returns."""
        # What aiohttp would log of requests holds what opens a link.
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            listening.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _answer_link(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, LINKS, self._open)

    async def _answer_feed(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, FEEDS, self.feeds.open)

    async def _answer(
        self, request: web.Request, address: Address, open_: Open
    ) -> web.StreamResponse:
        self.opener.publisher.link.meters.requested("link", address.app)
        with (
            self.tracer.start_as_current_span(
                f"{request.method} {address.route}",
                kind=SpanKind.SERVER,
                attributes={"http.request.method": request.method, "http.route": address.route},
            ) as span,
            # A connection is one task, whatever many it asks for.
            handling(),
        ):
            began, outcome, status = time.perf_counter(), "broken off", {}
            try:
                try:
                    response = await open_(request)
                    outcome = "opened"
                except NotOpened as error:
                    outcome = error.trouble
                    wanted, code = _wanted_language(request), current_trace_id()
                    response = trouble_page(outcome, wanted, code, address.words)
                status = {"status": response.status}
                span.set_attribute("http.response.status_code", response.status)
                return response
            finally:
                name_span()
                log.info("link.answered", outcome=outcome, duration=seconds_since(began), **status)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        link_id = self.opener.read(token)
        bind(link_id=link_id)
        found = await self.opener.open(link_id)
        bind(app=found.app)
        name_person(found.person_id)
        number = int(request.match_info.get("number", 0))
        if not number and len(found.files) > 1:
            return list_page(found, token, _wanted_language(request))
        try:
            file = found.files[max(number, 1) - 1]
        except IndexError:
            raise NotOpened("gone") from None
        bind(upload_id=file.upload_id)
        return await self._send(request, found, file)

    async def _send(
        self, request: web.Request, found: LinkedFiles, file: LinkedFile
    ) -> web.StreamResponse:
        key = key_of(found.app, found.person_id, file.upload_id)
        headers = file_headers(file)
        if is_known(headers["ETag"], request.headers.get("If-None-Match", "")):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        try:
            if self.accelerated and request.method == "GET":
                return await self._hand_over(key, headers)
            return await self._stream(request, key, file.size, headers)
        except FileNotFoundError:
            raise NotOpened("gone") from None
        except StorageAway as error:
            log.warning("storage.away", error=str(error))
            raise NotOpened("away") from None

    async def _hand_over(self, key: str, headers: dict[str, str]) -> web.Response:
        """Tell nginx where the bytes are; parts of them are its own affair."""
        if not await self.store.has(key):
            raise FileNotFoundError(key)
        address = await self.store.internal_address(key)
        return web.Response(headers={**headers, "X-Accel-Redirect": address})

    async def _stream(
        self, request: web.Request, key: str, size: int, headers: dict[str, str]
    ) -> web.StreamResponse:
        try:
            part = _wanted_part(request, size, headers["ETag"])
        except Unsatisfiable:
            return _unsatisfiable(size)
        status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
        if part is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        headers["Content-Length"] = str(size if part is None else len(part))
        if request.method == "HEAD":
            if not await self.store.has(key):
                raise FileNotFoundError(key)
            return web.Response(status=status, headers=headers)
        chunks = await self.store.open(key, part)
        response = web.StreamResponse(status=status, headers=headers)
        await response.prepare(request)
        await _write(request, response, chunks)
        return response


async def _write(
    request: web.Request, response: web.StreamResponse, chunks: AsyncIterator[bytes]
) -> None:
    try:
        async for chunk in chunks:
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write(chunk)
    except (StorageAway, TimeoutError) as error:
        # The headers are out: only a torn connection says that this is not all.
        log.warning("link.broken_off", error=type(error).__name__)
        if request.transport:
            request.transport.abort()


def _wanted_part(request: web.Request, size: int, etag: str) -> range | None:
    if request.headers.get("If-Range", etag) != etag:
        return None
    return part_of(request.headers.get("Range", ""), size)


def _unsatisfiable(size: int) -> web.Response:
    return web.Response(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={"Content-Range": f"bytes */{size}"},
    )


def _wanted_language(request: web.Request) -> str:
    return request.headers.get("Accept-Language", "")
