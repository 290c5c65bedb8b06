"""The clock: publishes scheduled commands when they are due, by PostgreSQL's time."""

from dataclasses import dataclass

import msgspec
import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from bus import Actor, Envelope
from bus.errors import NotPublished, in_short
from bus.publisher import Publisher
from database import Session
from database.scheduled import Scheduled
from database.trouble import is_away
from services.life import Life

log = structlog.get_logger()

TICK = 0.5
BATCH = 50
PUBLISH_DEADLINE = 5.0
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
            for row in rows:
                await self._publish(row)
            if rows:
                await db.execute(delete(Scheduled).where(Scheduled.key.in_([r.key for r in rows])))
            return len(rows)

    async def _publish(self, row: Scheduled) -> None:
        # To the microsecond: what is scheduled again within the second is another command.
        due = round(row.due_at.timestamp() * 1_000_000)
        envelope = Envelope(
            message_id=f"{row.key}@{due}",
            actor=Actor.parse(row.actor) if row.actor else None,
        )
        await self.publisher.publish(
            row.command_subject,
            msgspec.json.encode(row.command),
            envelope.headers(),
            deadline=PUBLISH_DEADLINE,
        )
