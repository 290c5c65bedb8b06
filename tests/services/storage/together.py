"""A copy of storage whose messages come together, as its handlers of many are tested."""

import asyncio
from collections.abc import Sequence
from contextvars import Context, ContextVar

from bus import Asked, Router
from bus.delivery import CallNext, Delivery, chain
from bus.middleware.concurrency import Slots, at_most
from bus.resolver import Resolver
from bus.router import Handler
from contracts.documents import AddType, TypeAdded
from database import Session
from services.admins import Admins
from services.quotas import Quotas
from services.storage.collecting import OF_MANY_AT_WORK
from services.storage.exactly_once import exactly_once
from services.storage.groups import Groups
from services.storage.schedule import Schedule
from tests.services.acting import QUOTAS, Databases
from tests.services.storage.delivering import Function, in_hand_of, new_message_id

EACH: ContextVar[str] = ContextVar("each")
"""The id of the message that is handled."""
ADDED = TypeAdded(person_id=1001, type_id=1, name="n", emoji="")
ALONE = [1] * OF_MANY_AT_WORK
"""The calls of those that came first."""
_PROVIDED: dict[type, object] = {Admins: Admins(frozenset()), Quotas: QUOTAS}


class _Counting(Resolver):
    """Notes with how many messages handlers of many are called."""

    calls: list[int]

    async def call_with_many(self, several: Sequence[tuple[Delivery, Context]]) -> None:
        """Call them."""
        self.calls.append(len(several))
        await super().call_with_many(several)


class Storage:
    """A copy of storage; `calls` are how many messages each call of a handler of many had."""

    def __init__(self, databases: Databases) -> None:
        self._begin = asyncio.Event()
        slots, resolver = Slots(8), _Counting(_PROVIDED, scoped=(Session, Schedule))
        self.calls = resolver.calls = []
        groups, alone = Groups(databases.storage, slots, resolver), exactly_once(databases.storage)
        self._call: CallNext = chain([groups, at_most(slots), alone], resolver.caller())

    async def handle_together(self, deliveries: Sequence[Delivery]) -> list[BaseException]:
        """Handle messages that come while others are at work; return what was raised.

        The calls of those others are the first: `ALONE`.
        """

        async def add_type(asked: Sequence[Asked[AddType]]) -> Sequence[TypeAdded]:
            await self._begin.wait()
            return [ADDED for _ in asked]

        waits = of_many(add_type)
        first = [
            in_hand_of(waits, AddType(name="n"), new_message_id(), 1001)
            for _ in range(OF_MANY_AT_WORK)
        ]
        tasks = [asyncio.create_task(self._handle(each)) for each in first]
        await asyncio.sleep(0)
        rest = asyncio.create_task(self.handle(deliveries))
        await asyncio.sleep(0)
        self._begin.set()
        await asyncio.gather(*tasks)
        return await rest

    async def handle(self, deliveries: Sequence[Delivery]) -> list[BaseException]:
        """Handle messages that come at once; return what was raised."""
        tasks = [asyncio.create_task(self._handle(each)) for each in deliveries]
        async with asyncio.timeout(60):
            came = await asyncio.gather(*tasks, return_exceptions=True)
        return [error for error in came if error]

    async def _handle(self, delivery: Delivery) -> None:
        EACH.set(delivery.envelope.message_id)
        await self._call(delivery)


def of_many(function: Function) -> Handler:
    """Return a handler of many, which has all of one name apart."""
    router = Router()
    router.handle_many(apart=lambda command, _: command.name)(function)
    (handler,) = router
    return handler
