"""Forgets handled messages, and who was forgotten, once no stream can bring more of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import InstrumentedAttribute

from bus.errors import in_short
from bus.topology import STREAMS
from database import Session
from database.forgotten import Forgotten
from database.handled import Handled
from database.trouble import is_away
from services.life import Life

log = structlog.get_logger()

MARGIN = timedelta(days=14)
REMEMBERED = timedelta(seconds=max(each.max_age or 0 for each in STREAMS.values())) + MARGIN
"""Longer than any stream keeps a message: a dead letter of the last day may still be replayed."""
BATCH = 500
"""Rows of one transaction: what is deleted all at once keeps handlers waiting."""
BETWEEN_BATCHES = 0.2
EVERY = 60 * 60.0
AWAY_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Any number of copies may forget: each row is claimed by one of them."""

    sessions: async_sessionmaker[Session]

    async def run(self, life: Life) -> None:
        """Forget at the start and every hour, until told to stop."""
        while not life.stopping.is_set():
            try:
                forgotten = await self.forget_old()
            except Exception as error:
                if not is_away(error):
                    raise
                log.warning("forgetting.held_up", error=in_short(error))
                await life.pause(AWAY_PAUSE)
            else:
                await life.pause(BETWEEN_BATCHES if forgotten == BATCH else EVERY)

    async def forget_old(self) -> int:
        """Forget what is old enough, up to a batch, by PostgreSQL's time; return how much."""
        messages = await self._forget((Handled.handler, Handled.message_id), Handled.at)
        people = await self._forget((Forgotten.person_id,), Forgotten.at)
        return max(messages, people)

    async def _forget(
        self, key: Sequence[InstrumentedAttribute[Any]], at: InstrumentedAttribute[datetime]
    ) -> int:
        old = (
            select(*key)
            .where(at < func.now() - REMEMBERED)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self.sessions.begin() as db:
            forgotten = await db.execute(
                delete(at.class_)
                .where(tuple_(*key).in_(old))
                .returning(at)
                .execution_options(synchronize_session=False)
            )
            return len(forgotten.all())
