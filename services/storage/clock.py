"""The clock: publishes scheduled commands when they are due, by PostgreSQL's time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from bus import Actor, Envelope
from bus.envelope import MESSAGE_ID
from bus.errors import BusError, MalformedMessage, NotPublished, StreamRefused, in_short
from bus.middleware.dead_letter import DeadLetters, Remains
from bus.publisher import Publisher
from bus.spans import beginning
from database import Session
from database.scheduled import Scheduled
from database.trouble import is_away
from services.life import Life

log = structlog.get_logger()

TICK = 0.5
BATCH = 50
PUBLISH_DEADLINE = 4.0
BATCH_SECONDS = 4.0
"""Then no further row of a batch is published: the server ends transactions that idle for 10 s."""
AWAY_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Any number of copies may tick: each row is claimed by one of them."""

    sessions: async_sessionmaker[Session]
    publisher: Publisher

    async def run(self, life: Life) -> None:
        """Tick until told to stop."""
        while not life.stopping.is_set():
            try:
                published = await self.publish_due()
            except Exception as error:
                if not (isinstance(error, NotPublished) or is_away(error)):
                    raise
                log.warning("clock.held_up", error=in_short(error))
                await life.pause(AWAY_PAUSE)
                continue
            if published < BATCH:
                await life.pause(TICK)

    async def publish_due(self) -> int:
        """Publish what is due, up to a batch, and return how many commands that were.

        A copy that dies in between leaves its rows: they are published again under the same ids.

        Raises:
            NotPublished: the bus took no more; what it took before is done with.
        """
        due = (
            select(Scheduled)
            .where(Scheduled.due_at <= func.now())
            .order_by(Scheduled.due_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self.sessions.begin() as db:
            rows = (await db.scalars(due)).all()
            published, held_up = await self._publish(rows)
            if published:
                await db.execute(delete(Scheduled).where(Scheduled.key.in_(published)))
        if held_up:
            raise held_up
        return len(published)

    async def _publish(self, rows: Sequence[Scheduled]) -> tuple[list[str], NotPublished | None]:
        """Return the keys of what was published, and what held up the rest."""
        published: list[str] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + BATCH_SECONDS
        for row in rows:
            if published and loop.time() > until:
                break
            try:
                await self._publish_or_bury(row)
            except NotPublished as error:
                return published, error
            published.append(row.key)
        return published, None

    async def _publish_or_bury(self, row: Scheduled) -> None:
        """A row that can never be published would hold up all that are due after it."""
        # To the microsecond: what is scheduled again within the second is another command.
        message_id = f"{row.key}@{round(row.due_at.timestamp() * 1_000_000)}"
        command = msgspec.json.encode(row.command)
        headers = {MESSAGE_ID: message_id}
        # A trace of its own: what scheduled it may be months old.
        with beginning(self.publisher.tracer, "due", row.command_subject, row.traceparent):
            try:
                actor = Actor.parse(row.actor) if row.actor else None
                headers = Envelope(message_id=message_id, actor=actor).headers()
                await self.publisher.publish(
                    row.command_subject, command, headers, deadline=PUBLISH_DEADLINE
                )
            except (StreamRefused, MalformedMessage) as error:
                await self._bury(Remains(row.command_subject, command, headers, message_id), error)

    async def _bury(self, remains: Remains, error: BusError) -> None:
        try:
            async with asyncio.timeout(PUBLISH_DEADLINE):
                await DeadLetters(self.publisher).bury_remains(remains, error, attempts=1)
        except TimeoutError:
            raise NotPublished(f"no acknowledgement for dead.{remains.subject}") from error
