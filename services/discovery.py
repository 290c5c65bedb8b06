"""Which apps there are and what each service does for them, found by file name."""

import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

import contracts
from bus import Router
from bus.topology import Consumer, service_consumer, update_consumers
from contracts.base import Command, Event, subject_of
from telegram_api.lean import import_lean

SHARED = frozenset({"base", "messages", "notices", "screens", "updates"})
"""Modules of contracts/ that all apps use and that are no apps themselves."""

WITHOUT_BOT = frozenset({"files", "people"})
"""Apps that serve all others and have no bot."""


@cache
def all_apps() -> tuple[str, ...]:
    """Return the names of all apps: the modules of contracts/."""
    names = {module.name for module in pkgutil.iter_modules(contracts.__path__)}
    return tuple(sorted(names - SHARED))


@cache
def bot_apps() -> tuple[str, ...]:
    """Return the names of the apps that have a bot."""
    return tuple(app for app in all_apps() if app not in WITHOUT_BOT)


def routers(service: str, apps: Iterable[str]) -> dict[str, Router]:
    """Return the handlers of one service by app, where the app has any there."""
    found = {}
    for app in apps:
        name = f"services.{service}.{app}"
        if find_spec(name) is not None:
            router = getattr(import_lean(name), "router", None)
            if isinstance(router, Router) and len(router):
                found[app] = router
    return found


def heard(service: str, app: str, router: Router) -> list[Consumer]:
    """Return the consumers through which a service hears what its router handles."""
    kinds = (("COMMANDS", Command), ("EVENTS", Event))
    found = []
    for stream, kind in kinds:
        subjects = [subject_of(h.message_type) for h in router if issubclass(h.message_type, kind)]
        if subjects:
            found.append(service_consumer(service, app, stream, subjects))
    return found


def told(app: str) -> list[Consumer]:
    """Return the consumers through which the notifier hears what an app's chats are told.

    One an urgency, so that many of the lesser keep none of the others waiting.
    """
    answers = service_consumer("notifier", app, "NOTICES", [f"notice.answer.{app}.*"])
    return [
        service_consumer("notifier", app, "LATE", [f"late.{app}.*.*.*"]),
        answers,
        *(
            replace(
                answers,
                name=f"{answers.name}-{urgency}",
                subjects=(f"notice.{urgency}.{app}.*",),
                description=f"{what} that notifier tells chats of {app}",
            )
            for urgency, what in (("reminder", "Reminders"), ("bulk", "News for many"))
        ),
    ]


def consumers() -> list[Consumer]:
    """Return every consumer of the system, whichever apps a process serves."""
    found = [consumer for app in bot_apps() for consumer in update_consumers(app)]
    for service in ("bot", "files", "notifier", "storage"):
        for app, router in routers(service, all_apps()).items():
            found += heard(service, app, router)
    for app in all_apps():
        found += told(app)
    return found
