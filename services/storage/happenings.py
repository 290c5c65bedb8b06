"""Counts what happened to people's things, event by event, once each."""

from collections.abc import Iterable
from functools import cache

from prometheus_client import CollectorRegistry, Counter

from bus.delivery import Produced
from bus.router import Router
from contracts.base import Command, app_of, name_of, outcomes_of


class Happenings:
    """The events of storage's handlers, counted when their effect is in the database."""

    def __init__(self, registry: CollectorRegistry, routers: Iterable[Router]) -> None:
        self._events = cache(
            Counter(
                "business_events",
                "What happened to people's things",
                ("app", "event"),
                registry=registry,
            ).labels
        )
        # There from the start, so that the first of a kind is an increase.
        for handler in (handler for router in routers for handler in router):
            if issubclass(handler.message_type, Command):
                for outcome in outcomes_of(handler.message_type):
                    self._events(app_of(outcome), name_of(outcome))

    def count(self, produced: Produced) -> None:
        """Count the events among what a handler produced."""
        outcome = [produced.outcome] if produced.outcome else []
        for message in [*outcome, *produced.messages]:
            kind, app, name = message.subject.split(".")[:3]
            if kind == "event":
                self._events(app, name).inc()
