"""All messages there are, found by walking the apps' modules."""

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any, TypeGuard

import contracts
from contracts.base import KINDS, Command, Event, Message, outcomes_of


@cache
def message_types() -> tuple[type[Message], ...]:
    """Return every command, event, query and reply, app by app."""
    found: dict[type[Message], None] = {}
    for module in pkgutil.iter_modules(contracts.__path__, f"{contracts.__name__}."):
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if _is_message(member) and member.__module__.startswith(module.name):
                found[member] = None
    return tuple(found)


def command_types() -> tuple[type[Command[Any]], ...]:
    """Return every command."""
    return tuple(kind for kind in message_types() if issubclass(kind, Command))


def outcome_types() -> tuple[type[Event], ...]:
    """Return every event that a command may end in, each once."""
    return tuple(dict.fromkeys(o for command in command_types() for o in outcomes_of(command)))


def _is_message(member: type) -> TypeGuard[type[Message]]:
    return issubclass(member, tuple(KINDS)) and member not in KINDS
