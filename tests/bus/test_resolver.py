"""Handlers get what their parameters ask for by type; a type nobody provides stops the start."""

import pytest

from bus import Actor, Envelope, Events
from bus.errors import UnresolvedParameter
from bus.resolver import Resolver
from bus.router import Handler
from contracts.documents import AddType, TypeAdded
from tests.bus.bench import CAUSE, router_of
from tests.bus.handlers import type_added


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
