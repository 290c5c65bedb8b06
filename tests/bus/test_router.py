"""Handlers are registered by their first parameter; what cannot be one is refused with a reason."""

from collections.abc import Hashable, Sequence
from typing import Any

import pytest

from bus import Actor, Asked, Envelope, Router
from bus.errors import WrongHandler
from contracts.documents import AddType, DocumentAdded, ListTypes, TypeAdded, TypePage
from tests.bus.handlers import add_type, type_added


async def list_types(query: ListTypes, actor: Actor) -> TypePage:
    return TypePage(types=(), total=0)


async def congratulate_on_document_added(event: DocumentAdded) -> None:
    """An event's handler is named after what it does."""


def test_a_handler_is_found_by_the_type_of_its_first_parameter() -> None:
    router = Router()
    assert router.handle(add_type) is add_type

    (handler,) = router
    assert handler.message_type is AddType
    assert handler.function is add_type
    assert handler.name == "tests.bus.add_type"
    assert handler.parameters == {"actor": Actor}
    assert len(router) == 1


def test_a_handler_that_moves_within_its_app_is_remembered_under_the_same_name() -> None:
    async def add_type(command: AddType) -> None: ...

    for module in ("services.storage.documents", "services.storage.documents.types"):
        add_type.__module__ = module
        router = Router()
        router.handle(add_type)
        (handler,) = router
        assert handler.name == "storage.documents.add_type"


def not_async(command: AddType) -> TypeAdded:
    return type_added(command.name)


async def without_parameters() -> None: ...


async def untyped(command: AddType, more) -> None: ...  # type: ignore[no-untyped-def] # the point


async def first_is_no_message(name: str) -> None: ...


async def first_is_a_union(event: TypeAdded | DocumentAdded) -> None: ...


async def add_a_type(command: AddType) -> TypeAdded:
    return type_added(command.name)


def by_actor(_: AddType, cause: Envelope) -> Hashable:
    return cause.actor


def test_a_handler_of_many_is_found_by_the_type_that_it_takes_many_of() -> None:
    async def add_type(asked: Sequence[Asked[AddType]], actor: Actor) -> Sequence[TypeAdded]:
        return [type_added(each.message.name) for each in asked]

    router = Router()
    assert router.handle_many(apart=by_actor)(add_type) is add_type

    (handler,) = router
    assert (handler.message_type, handler.function) == (AddType, add_type)
    assert handler.apart is by_actor
    assert handler.parameters == {"actor": Actor}


async def many_of_no_message(asked: Sequence[AddType]) -> None: ...


async def a_single_one(asked: Asked[AddType]) -> None: ...


@pytest.mark.parametrize("function", [many_of_no_message, a_single_one, add_type])
def test_what_takes_no_many_is_refused_as_a_handler_of_many(function: Any) -> None:
    with pytest.raises(WrongHandler, match="the first parameter is no message type"):
        Router().handle_many(apart=by_actor)(function)


@pytest.mark.parametrize(
    "apart",
    [
        lambda command: command.name,
        lambda command, envelope, more: more,
        lambda command, *, envelope: envelope,
    ],
)
def test_what_cannot_tell_messages_apart_is_refused(apart: Any) -> None:
    async def add_type(asked: Sequence[Asked[AddType]]) -> Sequence[TypeAdded]:
        return []

    with pytest.raises(WrongHandler, match="add_type: apart must take a message and its envelope"):
        Router().handle_many(apart=apart)(add_type)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (not_async, "is not an async function"),
        (without_parameters, "every parameter needs a type, the first a message"),
        (untyped, "every parameter needs a type, the first a message"),
        (first_is_no_message, "the first parameter is no message type"),
        (first_is_a_union, "the first parameter is no message type"),
        (add_a_type, "must be named add_type"),
    ],
)
def test_what_cannot_be_a_handler_is_refused_with_the_reason(function: Any, reason: str) -> None:
    with pytest.raises(WrongHandler, match=f"{function.__name__}.* {reason}"):
        Router().handle(function)


def test_a_message_has_one_handler_in_a_service() -> None:
    router = Router()
    router.handle(add_type)
    with pytest.raises(WrongHandler, match="AddType has a handler already"):
        router.handle(add_type)
