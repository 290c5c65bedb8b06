"""Who says a message and who hears it, read from the services themselves."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import services
from bus.asked import Asked
from bus.topology import Consumer
from contracts.base import Command, Event, Message, Query, Reply, outcomes_of, reply_types_of
from contracts.messages import command_types, message_types
from services.discovery import all_apps, heard, routers

HANDLING = ("bot", "storage", "query", "notifier", "files")
"""Services with handlers, in the order in which they are named."""
FOR_PROGRAMS = frozenset({"RequestMailing"})
"""What no service of ours says: programs do, with the operator's key or with one of their own."""
_ASKS_WHAT_IT_IS = frozenset({"isinstance", "issubclass"})


@cache
def receivers(message_type: type[Message]) -> tuple[str, ...]:
    """Return the services that handle a message."""
    return tuple(
        service
        for service in HANDLING
        if any(
            handler.message_type is message_type
            for router in routers(service, all_apps()).values()
            for handler in router
        )
    )


@cache
def senders(message_type: type[Message]) -> tuple[str, ...]:
    """Return the services that say a message.

    An outcome is said by whoever carries its command out, a reply by whoever is asked; the rest by
    those in whose modules it is made.
    """
    if issubclass(message_type, Event):
        ending = [kind for kind in command_types() if message_type in outcomes_of(kind)]
        if ending:
            return _in_order(service for kind in ending for service in receivers(kind))
    if issubclass(message_type, Reply):
        return _in_order(
            service
            for kind in message_types()
            if issubclass(kind, Query) and message_type in reply_types_of(kind)
            for service in receivers(kind)
        )
    name = message_type.__name__
    return ("operator",) if name in FOR_PROGRAMS else makers(name)


def _in_order(found: Iterable[str]) -> tuple[str, ...]:
    there = set(found)
    return tuple(service for service in HANDLING if service in there)


@cache
def makers(name: str) -> tuple[str, ...]:
    """Return the services whose code names something other than to say what a value is."""
    return tuple(service for service in HANDLING if name in _names_used(service))


@cache
def _names_used(service: str) -> frozenset[str]:
    folder = Path(services.__path__[0]) / service
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.py")))
    return frozenset(name for tree in trees for name in _used(tree))


def _used(node: ast.AST) -> Iterator[str]:
    """Yield names that stand for a value: no annotation, pattern or question of a type."""
    if isinstance(node, ast.Name):
        yield node.id
        return
    left_out: list[ast.AST | None] = []
    if isinstance(node, ast.arg | ast.AnnAssign):
        left_out = [node.annotation]
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        left_out = [node.returns]
    elif isinstance(node, ast.MatchClass):
        left_out = [node.cls]
    elif isinstance(node, ast.Subscript):
        left_out = [node.slice] if getattr(node.value, "id", "") == Asked.__name__ else []
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in _ASKS_WHAT_IT_IS:
        return
    for child in ast.iter_child_nodes(node):
        if child not in left_out:
            yield from _used(child)


def consumers_of(service: str, message_type: type[Message]) -> list[Consumer]:
    """Return the consumers through which a service hears a command or an event."""
    if not issubclass(message_type, Command | Event):
        return []
    return [
        consumer
        for app, router in routers(service, all_apps()).items()
        for consumer in heard(service, app, router)
        if any(handler.message_type is message_type for handler in router)
        and consumer.stream == ("COMMANDS" if issubclass(message_type, Command) else "EVENTS")
    ]
