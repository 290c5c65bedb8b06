"""Handlers name their dependencies by type; they are resolved once, at start-up."""

from collections.abc import Collection, Mapping
from typing import Any

from bus.delivery import CallNext, Delivery, Events, collect
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
        for name, wanted in handler.parameters.items():
            if wanted not in self._provided and wanted not in self._scoped:
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
            events = Events()  # new for each attempt, which starts from nothing
            arguments = self.arguments(delivery.handler, {**delivery.scope, Events: events})
            returned = await delivery.handler.function(delivery.message, **arguments)
            delivery.produced = collect(delivery, returned, events)

        return call
