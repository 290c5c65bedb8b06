"""Handlers of many: called once for all that are there, and alone like any other."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bus import Asked, NotYet
from bus.delivery import Delivery
from bus.router import Handler
from contracts.documents import AddDocument, AddType, TypeAdded
from database import Session
from database.documents import Document
from services.storage.collecting import Member
from services.storage.documents import router
from services.storage.rounds import rounds
from tests.services.acting import Acting, Databases
from tests.services.storage.delivering import delivered, in_hand_of, new_message_id, said
from tests.services.storage.keeping import add_type, keep_upload
from tests.services.storage.together import ADDED, ALONE, EACH, Storage, of_many


@pytest.fixture
def add_document() -> Handler:
    return next(each for each in router if each.message_type is AddDocument)


async def document(person: Acting, name: str, type_id: int = 0) -> AddDocument:
    return AddDocument(
        type_id=type_id or await add_type(person, f"Type of {name}"),
        name=name,
        upload_ids=(await keep_upload(person),),
    )


async def wanting(add_document: Handler, person: Acting) -> Delivery:
    """Return the wish of a person for a document of their own, in hand."""
    wish = await document(person, "Pass")
    return in_hand_of(add_document, wish, new_message_id(), person.person)


async def test_all_that_wait_for_a_handler_of_many_are_handled_in_one_call(
    databases: Databases,
    storage: Storage,
    somebody: Acting,
    somebody_else: Acting,
    add_document: Handler,
) -> None:
    both = (somebody, somebody_else)
    wanted = [await wanting(add_document, each) for each in both]
    assert not await storage.handle_together(wanted)

    assert storage.calls == [*ALONE, 2]
    for each, delivery in zip(both, wanted, strict=True):
        (added, body), (claimed, claim) = said(delivery)
        assert (added, claimed) == ("event.documents.document_added", "event.files.upload_claimed")
        assert body["person_id"] == claim["person_id"] == each.person
        assert await names_of(databases, each.person) == ["Pass"]


async def test_those_that_come_at_once_do_not_wait_for_one_of_them(
    storage: Storage, somebody: Acting, somebody_else: Acting, add_document: Handler
) -> None:
    wanted = [await wanting(add_document, each) for each in (somebody, somebody_else)]
    assert not await storage.handle(wanted)

    assert storage.calls == [2]


async def test_whom_a_handler_wants_apart_it_sees_one_after_another(
    storage: Storage, somebody: Acting, somebody_else: Acting, add_document: Handler
) -> None:
    first = await document(somebody, "Pass")
    again = await document(somebody, "PASS", first.type_id)
    theirs = await document(somebody_else, "Pass")
    asked = [(first, somebody), (again, somebody), (theirs, somebody_else)]
    wanted = [in_hand_of(add_document, it, new_message_id(), who.person) for it, who in asked]
    assert not await storage.handle_together(wanted)

    assert storage.calls == [*ALONE, 2, 1]
    outcomes = [said(each)[0][1] for each in wanted]
    assert [each["type"] for each in outcomes] == [
        "DocumentAdded",
        "DocumentRefused",
        "DocumentAdded",
    ]
    assert outcomes[1]["in_the_way"]["document_id"] == outcomes[0]["document_id"]


async def test_who_is_refused_spoils_nobody_and_says_why(
    databases: Databases,
    storage: Storage,
    somebody: Acting,
    somebody_else: Acting,
    add_document: Handler,
) -> None:
    refused = AddDocument(type_id=2**62, name="Nowhere", upload_ids=(await keep_upload(somebody),))
    wanted = [
        in_hand_of(add_document, refused, new_message_id(), somebody.person),
        await wanting(add_document, somebody_else),
    ]
    assert not await storage.handle_together(wanted)

    assert storage.calls == [*ALONE, 2]
    assert [said(each)[0][1]["type"] for each in wanted] == ["DocumentRefused", "DocumentAdded"]
    assert await names_of(databases, somebody.person) == []


async def test_who_has_to_wait_does_so_alone(
    databases: Databases,
    storage: Storage,
    somebody: Acting,
    somebody_else: Acting,
    add_document: Handler,
) -> None:
    unknown = AddDocument(type_id=await add_type(somebody), name="Early", upload_ids=("unknown",))
    early = in_hand_of(add_document, unknown, new_message_id(), somebody.person)
    ready = await wanting(add_document, somebody_else)
    raised = await storage.handle_together([early, ready])

    assert [type(error) for error in raised] == [NotYet]
    assert await names_of(databases, somebody_else.person) == ["Pass"]


async def test_each_of_many_brings_its_own_context(storage: Storage) -> None:
    found = dict[str, str]()

    async def add_type(asked: Sequence[Asked[AddType]], db: Session) -> Sequence[TypeAdded]:
        for each in asked:
            found[each.message.name] = each.context.run(EACH.get)
        return [ADDED for _ in asked]

    handler = of_many(add_type)
    ids = {name: new_message_id() for name in ("a", "b", "c")}
    wanted = [in_hand_of(handler, AddType(name=name), ids[name], 1001) for name in ids]
    assert not await storage.handle_together(wanted)

    assert storage.calls == [*ALONE, 3]
    assert found == ids


async def test_calls_come_in_the_order_of_their_first(add_document: Handler) -> None:
    async def add_type(command: AddType) -> None: ...

    def waiting(person: int) -> Member:
        command = AddDocument(type_id=1, name="n", upload_ids=("u",))
        return member(in_hand_of(add_document, command, f"of-{person}", person))

    alone = member(delivered(add_type, AddType(name="n"), "alone"))
    one, two, again, third = (waiting(person) for person in (1, 2, 1, 3))

    assert rounds([one, alone, two, again, third]) == [[one, two, third], [alone], [again]]


def member(delivery: Delivery) -> Member:
    return Member(delivery, asyncio.get_running_loop().create_future())


async def names_of(databases: Databases, person: int) -> list[str]:
    async with databases.storage() as db:
        return list(await db.scalars(select(Document.name).where(Document.person_id == person)))
