"""What every message is made of: its kind, its name and subject, its outcomes or its reply."""

import re
import typing
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

Language = Literal["en", "ru"]
PersonId = Annotated[int, msgspec.Meta(gt=0)]
"""Telegram's id of a person; the same in every bot."""

ChatId = int
"""Telegram's id of a chat; a private chat has the id of its person."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="type"):
    """Anything that travels on the bus; `type` in its JSON is the name of its class."""


class Event(Message, frozen=True, kw_only=True):
    """Something that happened, refusals included; named in the past tense."""


class Reply(Message, frozen=True, kw_only=True):
    """The answer to a query; named by a noun."""


OutcomeT = TypeVar("OutcomeT", bound=Event)
ReplyT = TypeVar("ReplyT", bound=Reply)


class Command(Message, Generic[OutcomeT], frozen=True, kw_only=True):
    """Something to be done; named in the imperative, typed by the events it may end in."""


class Query(Message, Generic[ReplyT], frozen=True, kw_only=True):
    """A question; typed by its reply."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is asked for, counted in items."""

    offset: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class UnsupportedMessageError(TypeError):
    """A class was used as a message although its kind or its module says otherwise."""


KINDS: dict[type[Message], str] = {
    Command: "command",
    Event: "event",
    Query: "query",
    Reply: "reply",
}


@cache
def kind_of(message_type: type[Message]) -> str:
    """Return `command`, `event`, `query` or `reply`."""
    for base, kind in KINDS.items():
        if issubclass(message_type, base):
            return kind
    raise UnsupportedMessageError(f"{message_type.__qualname__} is of no kind that travels")


@cache
def app_of(message_type: type[Message]) -> str:
    """Return the app a message belongs to: its module's name below `contracts`."""
    package, _, rest = message_type.__module__.partition(".")
    if package != "contracts" or not rest:
        raise UnsupportedMessageError(f"{message_type.__qualname__} does not live in contracts/")
    return rest.split(".")[0]


@cache
def name_of(message_type: type[Message]) -> str:
    """Return a message's name as handlers and subjects spell it: `AddDocument`, `add_document`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", message_type.__name__).lower()


@cache
def subject_of(message_type: type[Message]) -> str:
    """Return the subject a message travels on, e.g. `command.documents.add_document`."""
    return f"{kind_of(message_type)}.{app_of(message_type)}.{name_of(message_type)}"


def outcomes_of(command_type: type[Command[Any]]) -> tuple[type[Event], ...]:
    """Return the events a command may end in, as its type says them."""
    return _flatten(_parameter_of(command_type, Command))


def reply_of(query_type: type[Query[ReplyT]]) -> type[ReplyT]:
    """Return the type of a query's reply."""
    return typing.cast("type[ReplyT]", _parameter_of(query_type, Query))


def reply_types_of(query_type: type[Message]) -> tuple[type[Reply], ...]:
    """Return the kinds of replies a query may get, each once."""
    reply = _parameter_of(query_type, Query)
    return typing.get_args(reply) or (reply,)


def _parameter_of(message_type: type, generic: type) -> Any:
    for base in getattr(message_type, "__orig_bases__", ()):
        if typing.get_origin(base) is generic:
            return typing.get_args(base)[0]
    raise UnsupportedMessageError(
        f"{message_type.__qualname__} must name its {generic.__name__}[...]"
    )


def _flatten(annotation: Any) -> tuple[type[Event], ...]:
    return typing.get_args(annotation) or (annotation,)
