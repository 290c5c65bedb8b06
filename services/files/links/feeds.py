"""The address of a feed: `/calendar/<token>.ics`, which calendar programs ask every hour."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import uuid4

import msgspec
from aiohttp import web

from bus import Envelope, QueryFailed, QueryUnavailable
from bus.caller import ask
from bus.publisher import Publisher
from contracts.calendar import DeadFeed, ExportedTask, Feed, FeedId, GetFeed
from observability.handling import bind, name_person
from screens.calendar import calendar_name
from screens.texts import texts
from services.files import ics
from services.files.ics import Booklet
from services.files.links.headers import PRIVATE, content_disposition, is_known
from services.files.links.opening import NotOpened
from services.link_signing import ForgedLink, LinkSigner

WRITTEN_AT_ONCE = 2
"""Feeds; each takes a processor for up to seconds, and what it is made of has to be in memory."""
EDITION = 1
"""Of how tasks are written down: another number has programs read all of them anew."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Writes what feeds hold, unless whoever asks has it already."""

    signer: LinkSigner
    publisher: Publisher
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WRITTEN_AT_ONCE))

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Return the file, or that it has not changed. Raises NotOpened."""
        feed_id = self._read(request.match_info["token"])
        bind(feed_id=feed_id, app="calendar")
        async with self.writing:
            feed, tasks = await self._ask(feed_id)
            name_person(feed.person_id)
            headers = _headers(_etag(feed, tasks))
            if is_known(headers["ETag"], request.headers.get("If-None-Match", "")):
                return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
            booklet = Booklet(calendar_name(texts(feed.language)), feed.time_zone, tasks)
            body = await asyncio.to_thread(ics.written, booklet)
        return web.Response(body=body, headers=headers)

    def _read(self, token: str) -> FeedId:
        try:
            return self.signer.read_feed(token)
        except ForgedLink:
            raise NotOpened("forged") from None

    async def _ask(self, feed_id: FeedId) -> tuple[Feed, Sequence[ExportedTask]]:
        cause = Envelope(message_id=f"feed-{uuid4().hex}")
        bind(message_id=cause.message_id)
        tasks: list[ExportedTask] = []
        while True:
            after = tasks[-1].task_id if tasks else 0
            try:
                page = await ask(GetFeed(feed_id=feed_id, after=after), self.publisher, cause)
            except (QueryUnavailable, QueryFailed):
                raise NotOpened("away") from None
            if isinstance(page, DeadFeed):
                raise NotOpened("revoked")
            tasks += page.tasks
            if not page.more:
                return page, tasks


def _etag(feed: Feed, tasks: Sequence[ExportedTask]) -> str:
    said = msgspec.json.encode((EDITION, feed.language, feed.time_zone, tasks))
    return f'"{hashlib.sha256(said).hexdigest()}"'


def _headers(etag: str) -> dict[str, str]:
    return PRIVATE | {
        "Content-Disposition": content_disposition("inline", ics.FILE_NAME),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": f"{ics.MIME_TYPE}; charset=utf-8",
        "ETag": etag,
    }
