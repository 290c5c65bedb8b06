"""The clock: publishes scheduled commands when they are due, by PostgreSQL's time."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy import ARRAY, Row, Text, any_, delete, func, literal, select
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
"""Seconds between two looks while nothing is due."""
BUSY_TICK = 0.1
"""While something is: what follows within a minute should not wait for long either."""
BATCH = 500
"""Rows that one copy claims at once: a whole hour has very many of them due at its beginning."""
IN_FLIGHT = 128
"""Commands on their way that wait for their acknowledgements: one after another each would wait for
the disk of the server alone."""
PUBLISH_DEADLINE = 4.0
BATCH_SECONDS = 4.0
"""Then no further row of a batch is published: the server ends transactions that idle for 10 s."""
AWAY_PAUSE = 2.0

_Row = Row[str, datetime, str, dict[str, Any], str | None, str | None]
"""Key, due_at, command_subject, command, actor and traceparent of what is due."""


DUE = (
    select(
        Scheduled.key,
        Scheduled.due_at,
        Scheduled.command_subject,
        Scheduled.command,
        Scheduled.actor,
        Scheduled.traceparent,
    )
    .where(Scheduled.due_at <= func.now())
    .order_by(Scheduled.due_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
"""What is due and claimed by no other copy, the longest waiting first."""


class _Batch:
    """Rows that one transaction holds, and what became of them; many publish them side by side."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.rows = rows
        self.published: list[str] = []
        self.held_up: NotPublished | None = None
        self._coming = iter(rows)
        self._until = asyncio.get_running_loop().time() + BATCH_SECONDS

    def left(self) -> Iterator[_Row]:
        """Yield rows, each to one who asks, until the bus takes no more or the time is over."""
        while not self.held_up:
            if self.published and asyncio.get_running_loop().time() > self._until:
                return
            try:
                yield next(self._coming)
            except StopIteration:
                return


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
                await life.pause(BUSY_TICK if published else TICK)

    async def publish_due(self) -> int:
        """Publish what is due, up to a batch, and return how many commands that were.

        A copy that dies in between leaves its rows: they are published again under the same ids.

        Raises:
            NotPublished: the bus took no more; what it took before is done with.
        """
        async with self.sessions.begin() as db:
            batch = _Batch((await db.execute(DUE)).all())
            await self._publish(batch)
            if batch.published:
                done = Scheduled.key == any_(literal(batch.published, ARRAY(Text)))
                await db.execute(delete(Scheduled).where(done))
        if batch.held_up:
            raise batch.held_up
        return len(batch.published)

    async def _publish(self, batch: _Batch) -> None:
        """Publish a batch in its order, many at a time."""
        async with asyncio.TaskGroup() as publishing:
            for _ in range(min(IN_FLIGHT, len(batch.rows))):
                publishing.create_task(self._publish_some(batch))

    async def _publish_some(self, batch: _Batch) -> None:
        """Publish one row after the other of those that are left, and note what became of them."""
        for row in batch.left():
            try:
                await self._publish_or_bury(row)
            except NotPublished as error:
                batch.held_up = batch.held_up or error
            else:
                batch.published.append(row.key)

    async def _publish_or_bury(self, row: _Row) -> None:
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
