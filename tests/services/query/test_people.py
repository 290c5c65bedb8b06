"""Who somebody is to the bots."""

from contracts.people import ChangeReachability, GetPerson, Person, RememberPerson
from tests.services.acting import Acting


async def test_somebody_unknown_gets_defaults(somebody: Acting) -> None:
    assert await somebody.ask(GetPerson()) == Person(
        person_id=somebody.person,
        known=False,
        language="en",
        time_zone="UTC",
        roles=(),
        blocked=(),
    )


async def test_a_person_is_given_with_the_bots_they_block(somebody: Acting) -> None:
    somebody.admins = frozenset({somebody.person})
    await somebody.do(RememberPerson(language="ru", time_zone="Europe/Moscow"))
    for app in ("documents", "calendar"):
        somebody.app = app
        await somebody.do(ChangeReachability(blocked=True))

    assert await somebody.ask(GetPerson()) == Person(
        person_id=somebody.person,
        known=True,
        language="ru",
        time_zone="Europe/Moscow",
        roles=("admin",),
        blocked=("calendar", "documents"),
    )
