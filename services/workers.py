"""The workers of a service: one for each stream and app that its routers hear."""

from collections.abc import Iterable

from bus.delivery import CallNext
from bus.hand import READY_AT_ONCE
from bus.publisher import Publisher
from bus.resolver import Resolver
from bus.worker import Worker, typed_reader
from services.discovery import heard, routers

READY = {"storage": 64}
"""Messages ready at once where that is not the usual: storage handles those that wait together."""


def typed_workers(
    service: str, apps: Iterable[str], resolver: Resolver, call: CallNext, publisher: Publisher
) -> list[Worker]:
    """Build a worker for each consumer; raises when a handler's parameter cannot be provided."""
    workers, ready = [], READY.get(service, READY_AT_ONCE)
    for app, router in routers(service, apps).items():
        for handler in router:
            resolver.check(handler)
        for consumer in heard(service, app, router):
            read = typed_reader(consumer, list(router))
            workers.append(Worker(consumer, read, call, publisher, ready))
    return workers
