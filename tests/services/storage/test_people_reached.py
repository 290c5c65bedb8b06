"""What mailings need to know of people: opt-outs, roles, and which bots can write to them."""

from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from contracts.base import Event
from contracts.people import (
    ChangeOptOuts,
    ChangeReachability,
    ErasePerson,
    GetPerson,
    GrantRole,
    ListRoleHolders,
    OptOutsChanged,
    ReachabilityChanged,
    RememberPerson,
    RevokeRole,
    RoleGranted,
    RoleHolder,
    RoleHolders,
    RoleRefused,
    RoleRevoked,
    RolesHidden,
)
from tests.services.acting import Acting

EventT = TypeVar("EventT", bound=Event)

RUSSIAN = RememberPerson(language="ru", time_zone="Europe/Moscow")


async def test_people_opt_out_of_each_category_by_itself(
    somebody: Acting, somebody_else: Acting
) -> None:
    for _ in range(2):
        out = await somebody.do(ChangeOptOuts(category="surveys", opted_out=True))
        assert out.opted_out == ("surveys",)
    await somebody.do(RUSSIAN)
    out = await somebody.do(ChangeOptOuts(category="news", opted_out=True))
    assert timeless(out) == OptOutsChanged(
        person_id=somebody.person, category="news", opted_out=("news", "surveys")
    )
    assert (await somebody.ask(GetPerson())).opted_out == ("news", "surveys")
    assert (await somebody_else.ask(GetPerson())).opted_out == ()

    back = await somebody.do(ChangeOptOuts(category="surveys", opted_out=False))
    assert back.opted_out == ("news",)
    assert out.changed_at
    assert back.changed_at
    assert out.changed_at < back.changed_at


async def test_administrators_alone_grant_and_revoke_roles(
    somebody: Acting, somebody_else: Acting
) -> None:
    admin, other = somebody, somebody_else
    grant = GrantRole(person_id=other.person, role="broadcaster")
    revoke = RevokeRole(person_id=other.person, role="broadcaster")
    refused = partial(RoleRefused, person_id=other.person, role="broadcaster")
    assert await admin.do(grant) == refused(reason="not_permitted")
    assert await admin.do(revoke) == refused(reason="not_permitted")
    admin.admins = frozenset({admin.person})
    assert await admin.do(grant) == refused(reason="unknown_person")
    await other.do(RUSSIAN)
    await admin.do(RUSSIAN)

    for _ in range(2):
        assert timeless(await admin.do(grant)) == RoleGranted(
            person_id=other.person, role="broadcaster", granted_by=admin.person
        )
    assert (await other.ask(GetPerson())).roles == ("broadcaster",)
    assert await other.ask(ListRoleHolders(role="broadcaster")) == RolesHidden()
    holder = await holder_of_role(admin, other)
    assert holder.granted_by == admin.person

    # Who granted it is forgotten; the role stays.
    await admin.do(ErasePerson())
    await admin.do(RUSSIAN)
    assert (await holder_of_role(admin, other)).granted_by is None

    assert timeless(await admin.do(revoke)) == RoleRevoked(
        person_id=other.person, role="broadcaster", revoked_by=admin.person
    )
    assert await admin.do(revoke) == refused(reason="not_held")
    assert (await other.ask(GetPerson())).roles == ()


def timeless(event: EventT) -> EventT:
    """Return an event without the time of the change, which it has."""
    assert getattr(event, "changed_at", None)
    return replace(event, changed_at=None)


async def holder_of_role(admin: Acting, other: Acting) -> RoleHolder:
    found = await admin.ask(ListRoleHolders(role="broadcaster"))
    assert isinstance(found, RoleHolders)
    (holder,) = (each for each in found.holders if each.person_id == other.person)
    return holder


async def test_who_writes_again_can_be_reached_again(somebody: Acting) -> None:
    changed = partial(ReachabilityChanged, person_id=somebody.person, app="documents")
    await somebody.do(RUSSIAN)

    for _ in range(2):
        gone = await somebody.do(ChangeReachability(blocked=True, reason="deactivated"))
        assert timeless(gone) == changed(blocked=True, reason="deactivated")
        assert (await somebody.ask(GetPerson())).blocked == ("documents",)
    for _ in range(2):
        await somebody.do(RUSSIAN)

    assert [timeless(event) for event in somebody.events] == [
        changed(blocked=False, reason="unblocked")
    ]
    assert (await somebody.ask(GetPerson())).blocked == ()

    await somebody.do(ChangeReachability(blocked=True, reason="blocked"))
    await somebody.do(ChangeReachability(blocked=False, reason="unblocked"))
    assert (await somebody.ask(GetPerson())).blocked == ()


async def test_of_somebody_unknown_no_block_is_noted(somebody: Acting) -> None:
    outcome = await somebody.do(ChangeReachability(blocked=True))

    assert isinstance(outcome, ReachabilityChanged)
    assert not (await somebody.ask(GetPerson())).known
