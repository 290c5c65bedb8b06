"""What benchmarks send: 256 bytes of JSON, answered by a kilobyte, with limits to be checked.

They are messages of an app `bench` that has no bot: bus and broker treat them as any others.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from bus.topology import Consumer, service_consumer
from contracts.base import Command, Event, Query, Reply, subject_of

REQUEST_BYTES, REPLY_BYTES = 256, 1024
ITEMS = 10
PERSON, APP = 123_456_789, "bench"

Text = Annotated[str, Meta(max_length=400)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=0, le=10**12)]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an answer."""

    number: Number
    name: Name
    price: float
    is_there: bool


class Answer(Reply, frozen=True, kw_only=True):
    """What is answered."""

    __module__ = "contracts.bench"

    key: Name
    person: Number
    items: Annotated[tuple[Item, ...], Meta(max_length=100)]
    note: Text


class LookUp(Query[Answer], frozen=True, kw_only=True):
    """What is asked."""

    __module__ = "contracts.bench"

    key: Name
    person: Number
    chat: int
    at: float
    text: Text


class Done(Event, frozen=True, kw_only=True):
    """What becomes of a command."""

    __module__ = "contracts.bench"

    key: Name
    person: Number
    items: Annotated[tuple[Item, ...], Meta(max_length=100)]
    note: Text


class Happened(Event, frozen=True, kw_only=True):
    """What consumers hear of."""

    __module__ = "contracts.bench"

    key: Name
    person: Number
    chat: int
    at: float
    text: Text


class DoIt(Command[Done], frozen=True, kw_only=True):
    """What is to be done."""

    __module__ = "contracts.bench"

    key: Name
    person: Number
    chat: int
    at: float
    text: Text


KEY = "3f2b8a4e-0c1d-4c57-9a55-1d5e3d2f7a10"
THINGS = tuple(
    Item(number=number, name=f"item number {number}", price=10.5 + number, is_there=number % 2 == 1)
    for number in range(ITEMS)
)


def _padding(wanted: int, without: msgspec.Struct) -> str:
    return "x" * (wanted - len(msgspec.json.encode(without)))


CHAT, AT = -1_001_234_567_890, 1_732_165_000.123
_UNPADDED = LookUp(key=KEY, person=PERSON, chat=CHAT, at=AT, text="")
QUESTION = msgspec.structs.replace(_UNPADDED, text=_padding(REQUEST_BYTES, _UNPADDED))
_UNPADDED_TOO = DoIt(key=KEY, person=PERSON, chat=CHAT, at=AT, text="")
_UNPADDED_ALSO = Happened(key=KEY, person=PERSON, chat=CHAT, at=AT, text="")
EVENT = msgspec.structs.replace(_UNPADDED_ALSO, text=_padding(REQUEST_BYTES, _UNPADDED_ALSO))
COMMAND = msgspec.structs.replace(_UNPADDED_TOO, text=_padding(REQUEST_BYTES, _UNPADDED_TOO))
NOTE = _padding(REPLY_BYTES, Answer(key=KEY, person=PERSON, items=THINGS, note=""))

COMMANDS = service_consumer("storage", APP, "COMMANDS", [subject_of(DoIt)])
EVENTS = service_consumer("storage", APP, "EVENTS", [subject_of(Happened)])
CONSUMERS: tuple[Consumer, ...] = (COMMANDS, EVENTS)
"""Through which workers of benchmarks take their messages."""


def answer(key: str, person: int) -> Answer:
    """Return what every variant answers."""
    return Answer(key=key, person=person, items=THINGS, note=NOTE)


def done(key: str, person: int) -> Done:
    """Return what every variant says when it has done a command."""
    return Done(key=key, person=person, items=THINGS, note=NOTE)
