"""A handler is a typed function, registered by the type of its first parameter."""

import inspect
import typing
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bus.asked import Asked
from bus.envelope import Actor, Envelope
from bus.errors import WrongHandler
from contracts.base import Command, Message, Query, name_of

Function = TypeVar("Function", bound=Callable[..., Awaitable[Any]])
Apart = Callable[[Any, Envelope], Hashable]
"""Says of a message what no other may have that its handler is called with at once."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function: what it takes, and under which name its work is remembered."""

    name: str
    message_type: type[Message]
    function: Callable[..., Awaitable[Any]]
    parameters: dict[str, Any]
    """The parameters after the first, by name, with their types."""
    apart: Apart | None = None
    """Of a handler of many: messages for which this is the same are handled one after another."""

    @property
    def asks_who(self) -> bool:
        """Whether it cannot be called for nobody: it takes an actor, as each of many commands."""
        of_many = self.apart is not None and issubclass(self.message_type, Command)
        return of_many or Actor in self.parameters.values()


class Router:
    """Collects the handlers of one app in one service."""

    def __init__(self) -> None:
        self._handlers: dict[type[Message], Handler] = {}

    def handle(self, function: Function) -> Function:
        """Register `function` for the type of its first parameter."""
        self._register(_read_handler(function))
        return function

    def handle_many(self, *, apart: Apart) -> Callable[[Function], Function]:
        """Register a function that is called with several messages of a type, or with one.

        It takes `Sequence[Asked[...]]` and returns what a handler returns for each, in their order.
        Those for which `apart` is the same are never among one call's: what it reads at its
        beginning holds for each. Nothing else is promised of who comes before whom.
        Raises WrongHandler for an `apart` that takes no message with its envelope.
        """

        def register(function: Function) -> Function:
            self._register(_read_handler(function, apart))
            return function

        return register

    def _register(self, handler: Handler) -> None:
        if handler.message_type in self._handlers:
            raise WrongHandler(
                f"{handler.name}: {handler.message_type.__name__} has a handler already"
            )
        self._handlers[handler.message_type] = handler

    def __iter__(self) -> Iterator[Handler]:
        return iter(self._handlers.values())

    def __len__(self) -> int:
        return len(self._handlers)


def _read_handler(function: Callable[..., Awaitable[Any]], apart: Apart | None = None) -> Handler:
    where = f"{function.__module__}.{function.__qualname__}"
    if not inspect.iscoroutinefunction(function):
        raise WrongHandler(f"{where} is not an async function")
    hints = typing.get_type_hints(function)
    names = list(inspect.signature(function).parameters)
    untyped = [name for name in names if name not in hints]
    if not names or untyped:
        raise WrongHandler(f"{where}: every parameter needs a type, the first a message")
    if apart and not _takes_two(apart):
        raise WrongHandler(f"{where}: apart must take a message and its envelope")
    message_type = _one_of_many(hints[names[0]]) if apart else hints[names[0]]
    if not (isinstance(message_type, type) and issubclass(message_type, Message)):
        raise WrongHandler(f"{where}: the first parameter is no message type")
    if issubclass(message_type, Command | Query) and function.__name__ != name_of(message_type):
        raise WrongHandler(f"{where} must be named {name_of(message_type)}")
    return Handler(
        name=_remembered_name(function),
        message_type=message_type,
        function=function,
        parameters={name: hints[name] for name in names[1:]},
        apart=apart,
    )


def _takes_two(apart: Apart) -> bool:
    # Called with what it cannot take it would fail in every group, which is undone without a word.
    try:
        inspect.signature(apart).bind(None, None)
    except TypeError:
        return False
    return True


def _one_of_many(several: Any) -> Any:
    """Return the type of message in `Sequence[Asked[...]]`; None of anything else."""
    if typing.get_origin(several) is not Sequence:
        return None
    (each,) = typing.get_args(several)
    return typing.get_args(each)[0] if typing.get_origin(each) is Asked else None


def _remembered_name(function: Callable[..., Awaitable[Any]]) -> str:
    """Return `storage.documents.add_document`, wherever in its app's package a handler stands.

    Work is remembered under it: a handler that only moved must not do it again.
    """
    room_and_app = function.__module__.removeprefix("services.").split(".")[:2]
    return ".".join([*room_and_app, function.__name__])
