"""Group commit: messages that wait at one consumer are handled in one transaction.

A group is only ever an attempt: whatever goes wrong in it undoes it as a whole, and each of its
messages is handled as if there were no groups. So a failure spoils nobody else, and what it means
is decided where it always is.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker

from bus.delivery import CallNext, Delivery, Produced
from bus.hand import AwayMeanwhile
from bus.middleware.concurrency import Slots, consumer_of
from bus.resolver import Resolver
from bus.spans import link_current_span
from bus.trace_context import current_traceparent
from database import Session
from services.storage.collecting import AT_WORK, OF_MANY_AT_WORK, Line, Member
from services.storage.exactly_once import provide, remember_all
from services.storage.rounds import Round, rounds

BEGIN_WITHIN = 0.25
"""Seconds in which a group begins with its messages; those left over are the next group's."""
END_WITHIN = 2.0
"""Seconds after which a group is undone for the sake of those that wait for a slow one."""
SLOW_FOR = 60.0
"""Seconds for which a handler that cost a group so much is left out of groups."""
LOCKS_WAIT_BRIEFLY = text("SET LOCAL lock_timeout = 100")
"""Milliseconds. Groups of several copies lock rows in different orders: one gives way long before
PostgreSQL looks for a deadlock, which it does after a second."""


class Groups:
    """The middleware around the handling of single messages, in place of it for who waits."""

    def __init__(
        self,
        sessions: async_sessionmaker[Session],
        slots: Slots,
        resolver: Resolver,
        count: Callable[[Produced], None] = lambda _: None,
    ) -> None:
        """`resolver` calls the handlers; what they produced is counted after the commit."""
        self._sessions = sessions
        self._slots = slots
        self._resolver = resolver
        self._handler = resolver.caller()
        self._count = count
        self._lines: defaultdict[str, Line] = defaultdict(lambda: Line(self._together, AT_WORK))
        self._lines_of_many: defaultdict[str, Line] = defaultdict(
            lambda: Line(self._together, OF_MANY_AT_WORK, of_many=True)
        )
        self._slow_until: defaultdict[str, float] = defaultdict(float)

    async def __call__(self, delivery: Delivery, call_next: CallNext) -> None:
        """Handle a message with those that wait beside it, or by `call_next`, alone."""
        if self._is_by_itself(delivery):
            return await call_next(delivery)
        member = Member(delivery, asyncio.get_running_loop().create_future())
        lines = self._lines_of_many if delivery.handler.apart else self._lines
        line = lines[consumer_of(delivery)]
        try:
            if not await line.turn(member):
                await call_next(delivery)
        finally:
            await line.leave(member)

    def _is_by_itself(self, delivery: Delivery) -> bool:
        """Whether it would spoil a group: it was tried before, or its handler is slow."""
        if delivery.was_tried_before or delivery.hand.is_away:
            return True
        return self._slow_until[delivery.handler.name] > asyncio.get_running_loop().time()

    async def _together(self, members: Sequence[Member]) -> Collection[Member]:
        """Handle as many as there is time for; raises whatever goes wrong, with nothing done."""
        first = members[0]
        async with self._slots.taken(consumer_of(first.delivery)):
            if first.delivery.hand.is_away:
                raise AwayMeanwhile
            called = await self._commit(rounds(members))
        _link(first, called)
        handled = {member for each in called for member in each}
        for member in handled:
            self._count(member.delivery.produced)
        return handled

    async def _commit(self, calls: Sequence[Round]) -> Sequence[Round]:
        loop, called = asyncio.get_running_loop(), list[Round]()
        began = loop.time()
        async with asyncio.timeout(END_WITHIN), self._sessions.begin() as db:
            await db.execute(LOCKS_WAIT_BRIEFLY)
            for each in calls:
                if called and loop.time() - began > BEGIN_WITHIN:
                    break
                # Of its context a copy: a handler of many enters the context of each by itself.
                context = each[0].context.copy()
                await loop.create_task(self._call(each, db), context=context)
                called.append(each)
            await remember_all(db, [member.delivery for each in called for member in each])
        return called

    async def _call(self, members: Round, db: Session) -> None:
        """Call a handler, in the context of its message: spans and lines are its own."""
        first = members[0].delivery
        try:
            for member in members:
                provide(db, member.delivery)
            if first.handler.apart:
                several = [(member.delivery, member.context) for member in members]
                await self._resolver.call_with_many(several)
            else:
                await self._handler(first)
            # What one handler knows of rows is nothing to the next.
            await db.flush()
            db.expunge_all()
        except asyncio.CancelledError:
            now = asyncio.get_running_loop().time()
            self._slow_until[first.handler.name] = now + SLOW_FOR
            raise


def _link(first: Member, called: Sequence[Round]) -> None:
    """Lead from each trace to those in which some of its work is seen.

    Lock, bookkeeping and COMMIT are spans in the trace of the first of a group, what a handler of
    many did in that of the first that it was called with.
    """
    committed_in = first.context.run(current_traceparent)
    for each in called:
        called_in = each[0].context.run(current_traceparent)
        for member in each:
            elsewhere = {committed_in, called_in} - {member.context.run(current_traceparent)}
            member.context.run(link_current_span, sorted(filter(None, elsewhere)))
