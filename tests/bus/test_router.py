"""Handlers are registered by their first parameter; what cannot be one is refused with a reason."""

from typing import Any

import pytest

from bus import Actor, Router
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
