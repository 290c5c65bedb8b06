"""Handlers name their dependencies by type; they are resolved once, at start-up."""

from collections.abc import Collection, Mapping, Sequence
from contextvars import Context, copy_context
from typing import Any

from bus.asked import Asked, Events
from bus.delivery import CallNext, Delivery, collect
from bus.envelope import Actor, Envelope
from bus.errors import UnresolvedParameter
from bus.router import Handler

SCOPED_BY_THE_BUS = frozenset({Actor, Envelope, Events})


class Resolver:
    """Provides the parameters of handlers.

    `provided` are objects that live as long as the service; `scoped` are types that a middleware
    puts into the scope of each delivery (a database session, the acting person, ...).
    """

    def __init__(self, provided: Mapping[type, object], scoped: Collection[type] = ()) -> None:
        self._provided = dict(provided)
        self._scoped = frozenset(scoped) | SCOPED_BY_THE_BUS

    def check(self, handler: Handler) -> None:
        """Raise UnresolvedParameter unless all parameters of `handler` can be provided."""
        # Of many messages each brings its own.
        scoped = self._scoped - SCOPED_BY_THE_BUS if handler.apart else self._scoped
        for name, wanted in handler.parameters.items():
            if wanted not in self._provided and wanted not in scoped:
                raise UnresolvedParameter(
                    f"{handler.name}: nobody provides parameter {name!r} of type {wanted!r}"
                )

    def arguments(self, handler: Handler, scope: Mapping[type, object]) -> dict[str, Any]:
        """Return the keyword arguments for one call."""
        return {
            name: scope[wanted] if wanted in scope else self._provided[wanted]
            for name, wanted in handler.parameters.items()
        }

    def caller(self) -> CallNext:
        """Return the innermost call of a chain: the handler itself."""

        async def call(delivery: Delivery) -> None:
            if delivery.handler.apart:
                await self.call_with_many([(delivery, copy_context())])
                return
            events = Events()  # new for each attempt, which starts from nothing
            arguments = self.arguments(delivery.handler, {**delivery.scope, Events: events})
            returned = await delivery.handler.function(delivery.message, **arguments)
            delivery.produced = collect(delivery, returned, events)

        return call

    async def call_with_many(self, several: Sequence[tuple[Delivery, Context]]) -> None:
        """Call the handler of many that these messages have, each with the context it came in.

        They share the scope of the first.
        """
        first, _ = several[0]
        asked = [Asked(each.message, each.envelope, Events(), context) for each, context in several]
        arguments = self.arguments(first.handler, first.scope)
        said = await first.handler.function(asked, **arguments)
        for (each, _), its, returned in zip(several, asked, said, strict=True):
            each.produced = collect(each, returned, its.events)
