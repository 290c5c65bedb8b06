"""Handlers get what their parameters ask for by type; a type nobody provides stops the start."""

from collections.abc import Sequence
from contextvars import copy_context

import msgspec
import pytest

from bus import Actor, Asked, Envelope, Events, Router
from bus.delivery import Delivery
from bus.errors import UnresolvedParameter
from bus.resolver import Resolver
from bus.router import Handler
from contracts.documents import AddType, TypeAdded
from tests.bus.bench import CAUSE, router_of
from tests.bus.handlers import type_added
from tests.services.storage.delivering import Function, Unsettled


class Clerk:
    """Something that lives as long as the service."""


class Desk:
    """Something that a middleware provides for each message."""


async def add_type(
    command: AddType, clerk: Clerk, desk: Desk, actor: Actor, events: Events
) -> TypeAdded:
    return type_added(command.name)


@pytest.fixture
def handler() -> Handler:
    (registered,) = router_of(add_type)
    return registered


def test_what_nobody_provides_stops_the_start(handler: Handler) -> None:
    resolver = Resolver({Clerk: Clerk()})
    with pytest.raises(UnresolvedParameter, match=r"add_type.*'desk'.*Desk"):
        resolver.check(handler)


def test_all_that_is_provided_may_start(handler: Handler) -> None:
    Resolver({Clerk: Clerk()}, scoped=(Desk,)).check(handler)


def test_parameters_are_found_by_type(handler: Handler) -> None:
    clerk, desk, events = Clerk(), Desk(), Events()
    scope: dict[type, object] = {Desk: desk, Actor: CAUSE.actor, Events: events, Envelope: CAUSE}

    arguments = Resolver({Clerk: clerk}, scoped=(Desk,)).arguments(handler, scope)

    assert arguments == {"clerk": clerk, "desk": desk, "actor": CAUSE.actor, "events": events}


async def add_types(asked: Sequence[Asked[AddType]], desk: Desk) -> Sequence[TypeAdded]:
    for each in asked:
        each.events.add(type_added(f"beside {each.message.name}"))
    return [type_added(each.message.name) for each in asked]


add_types.__name__ = "add_type"


def of_many(function: Function) -> Handler:
    router = Router()
    router.handle_many(apart=lambda _, cause: cause.actor)(function)
    (registered,) = router
    return registered


async def test_one_of_many_has_its_own_outcome_and_events() -> None:
    resolver = Resolver({}, scoped=(Desk,))
    handler = of_many(add_types)
    resolver.check(handler)
    both = [delivery_to(handler, name) for name in ("first", "second")]

    await resolver.call_with_many([(each, copy_context()) for each in both])
    alone = delivery_to(handler, "alone")
    await resolver.caller()(alone)

    assert [names_said(each) for each in [*both, alone]] == [
        ["first", "beside first"],
        ["second", "beside second"],
        ["alone", "beside alone"],
    ]


def test_a_handler_of_many_takes_nothing_that_each_message_has_for_itself() -> None:
    async def add_type(asked: Sequence[Asked[AddType]], actor: Actor) -> Sequence[TypeAdded]:
        return []

    with pytest.raises(UnresolvedParameter, match="'actor'"):
        Resolver({}).check(of_many(add_type))


def delivery_to(handler: Handler, name: str) -> Delivery:
    return Delivery(
        subject="command.documents.add_type",
        stream="COMMANDS",
        consumer="storage-documents",
        attempt=1,
        envelope=CAUSE,
        headers={},
        payload=b"",
        message=AddType(name=name),
        handler=handler,
        acknowledgement=Unsettled(),
        scope={Desk: Desk()},
    )


def names_said(delivery: Delivery) -> list[str]:
    outcome, messages = delivery.produced.outcome, delivery.produced.messages
    assert outcome
    return [msgspec.json.decode(said.payload)["name"] for said in [outcome, *messages]]
