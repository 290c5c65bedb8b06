"""A person whose messages are handled as the services do it, without the bus in between."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from bus import Actor, Asked, Envelope, Events
from bus.resolver import Resolver
from bus.router import Handler
from contracts.base import Command, Event, Message, Query, Reply
from database import Session
from database.reading import Reader
from services.admins import Admins
from services.discovery import all_apps, routers
from services.link_signing import LinkSigner
from services.quotas import Quotas
from services.storage.schedule import Schedule

QUOTAS = Quotas(documents=1000, size=1024**3)
SIGNER = LinkSigner("https://files.example.org", (SecretStr("a-secret-of-the-tests-0123456789"),))

OutcomeT = TypeVar("OutcomeT", bound=Event)
ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(frozen=True, slots=True)
class Databases:
    """PostgreSQL as storage and as query may use it."""

    storage_engine: AsyncEngine
    storage: async_sessionmaker[Session]
    query: Reader


@dataclass(slots=True)
class Acting:
    """One person in one app; each message is handled in a transaction of its own.

    `events` are those that handlers added beside their outcomes, or made of other events.
    """

    databases: Databases
    person: int
    app: str = "documents"
    admins: frozenset[int] = frozenset()
    quotas: Quotas = QUOTAS
    events: list[Event] = field(default_factory=list)

    async def do(self, command: Command[OutcomeT]) -> OutcomeT:
        """Handle a command and return its outcome."""
        (handler,) = _handlers("storage", command)
        outcome: OutcomeT = await self._handle(handler, command)
        return outcome

    async def hear(self, event: Event) -> None:
        """Handle an event in every app that hears it."""
        for handler in _handlers("storage", event):
            said = await self._handle(handler, event)
            self.events += [said] if isinstance(said, Event) else []

    async def ask(self, query: Query[ReplyT]) -> ReplyT:
        """Answer a query."""
        (handler,) = _handlers("query", query)
        scope: dict[type, object] = {Actor: Actor(self.person, self.app)}
        provided = {Reader: self.databases.query, LinkSigner: SIGNER, Quotas: self.quotas}
        resolver = Resolver(provided, tuple(scope))
        resolver.check(handler)
        arguments = resolver.arguments(handler, scope)
        reply: ReplyT = await handler.function(query, **arguments)
        return reply

    async def _handle(self, handler: Handler, message: Message) -> Any:
        actor, events = Actor(self.person, self.app), Events()
        async with self.databases.storage.begin() as db:
            scope: dict[type, object] = {
                Session: db,
                Actor: actor,
                Events: events,
                Schedule: Schedule(db, actor),
            }
            resolver = Resolver({Admins: Admins(self.admins), Quotas: self.quotas}, tuple(scope))
            resolver.check(handler)
            arguments = resolver.arguments(handler, scope)
            if handler.apart:
                one = Asked(message, Envelope(message_id="acting", actor=actor), events)
                (outcome,) = await handler.function([one], **arguments)
            else:
                outcome = await handler.function(message, **arguments)
        self.events += events.added
        return outcome


def _handlers(service: str, message: Message) -> list[Handler]:
    found = routers(service, all_apps()).values()
    return [h for router in found for h in router if h.message_type is type(message)]
