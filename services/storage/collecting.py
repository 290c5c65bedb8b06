"""Messages of one consumer that wait for their turn, and the groups that they make meanwhile.

Nobody waits for a group to fill: who finds no other at work has its turn at once, alone. While
that one works, the next ones collect.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial

import structlog

from bus.delivery import Delivery
from bus.errors import in_short

log = structlog.get_logger()

AT_WORK = 4
"""Groups of one consumer at a time: one computes while PostgreSQL works for the others."""
OF_MANY_AT_WORK = 1
"""Groups for handlers of many: the more wait, the less each costs."""
MEMBERS = 64
BYTES = 256 * 1024
"""Of payload in a group; what is large is many rows, and others would wait for it."""
GIVES_WAY_AFTER = 0.05
"""Seconds after which whoever works still no longer keeps others from beginning beside it."""


@dataclass(slots=True, eq=False)
class Member:
    """A message that waits; its turn is True where a group has handled it, False to go alone."""

    delivery: Delivery
    turn: "asyncio.Future[bool]"
    context: Context = field(default_factory=copy_context)
    group: "asyncio.Task[None] | None" = None
    give_way: Callable[[], None] = lambda: None

    def settle(self, handled: bool) -> None:
        """Say what became of it, unless it was given back meanwhile."""
        if not self.turn.done():
            self.turn.set_result(handled)


Together = Callable[[Sequence[Member]], Awaitable[Collection[Member]]]
"""Handles members, as many as there is time for; returns who were handled."""


class Line:
    """Those of one consumer that wait, and how many are at work."""

    def __init__(self, together: Together, at_work: int, *, of_many: bool = False) -> None:
        """`of_many` are those of whom two together cost hardly more than one alone."""
        self._together = together
        self._at_work_at_most = at_work
        self._of_many = of_many
        self._waiting: deque[Member] = deque()
        self._at_work = 0

    async def turn(self, member: Member) -> bool:
        """Wait for a member's turn; `leave` has to follow, whatever comes of it."""
        self._waiting.append(member)
        if self._of_many:
            # Only now those follow that came with it, in the same bytes from the server.
            asyncio.get_running_loop().call_soon(self._go_on)
        else:
            self._go_on()
        return await member.turn

    async def leave(self, member: Member) -> None:
        """Let others go on; of one that is given back, only once nobody works at it any more."""
        member.give_way()
        if not member.turn.cancelled():
            return
        if member.group:
            member.group.cancel()
            await asyncio.wait([member.group])
        elif member in self._waiting:
            self._waiting.remove(member)

    def _go_on(self) -> None:
        while self._waiting and self._at_work < self._at_work_at_most:
            give_way = self._take_place()
            members = self._next()
            if len(members) == 1:
                members[0].give_way = give_way
                members[0].settle(False)
                continue
            context = members[0].context.copy()
            group = asyncio.create_task(self._run(members, give_way), context=context)
            for member in members:
                member.group = group
            group.add_done_callback(partial(self._let_go, members))

    @staticmethod
    def _let_go(members: Sequence[Member], group: "asyncio.Task[None]") -> None:
        """Have those go alone whose group was cancelled before it began."""
        for member in members:
            if member.group is group:
                member.settle(False)

    def _next(self) -> list[Member]:
        members, size = list[Member](), 0
        while self._waiting and len(members) < MEMBERS:
            size += len(self._waiting[0].delivery.payload)
            if members and size > BYTES:
                break
            members.append(self._waiting.popleft())
        return members

    async def _run(self, members: Sequence[Member], give_way: Callable[[], None]) -> None:
        try:
            handled = await self._together(members)
        except BaseException as error:
            for member in members:
                member.settle(False)
            if not isinstance(error, Exception):
                raise
            log.info("group.undone", messages=len(members), error=in_short(error))
        else:
            for member in handled:
                member.settle(True)
            self._wait_again([member for member in members if member not in handled])
        finally:
            give_way()
            self._go_on()

    def _wait_again(self, members: Sequence[Member]) -> None:
        """Have those for whom there was no time make the next group."""
        for member in reversed(members):
            member.group = None
            if not member.turn.done():
                self._waiting.appendleft(member)

    def _take_place(self) -> Callable[[], None]:
        """Count one at work until what is returned is called, or it has taken long."""
        self._at_work += 1
        counted = True

        def give_way() -> None:
            nonlocal counted
            after.cancel()
            if counted:
                counted = False
                self._at_work -= 1
                self._go_on()

        after = asyncio.get_running_loop().call_later(GIVES_WAY_AFTER, give_way)
        return give_way
