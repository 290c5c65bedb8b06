"""Each command of documents: done, refused, unknown target, somebody else's target."""

import asyncio
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from bus import NotYet
from contracts.base import Page
from contracts.documents import (
    AddDocument,
    AddType,
    DocumentAdded,
    DocumentRefused,
    InTheWay,
    ListTypes,
    TypeAdded,
    TypeRefused,
)
from contracts.files import UploadClaimed, UploadDiscarded, UploadLost
from database.documents import File
from services.storage.documents.types import TYPES_LIMIT
from tests.services.acting import Acting
from tests.services.storage.keeping import (
    add_document,
    add_type,
    keep_upload,
    new_upload_id,
    upload_kept,
)

UNKNOWN = 2**62


async def test_a_type_is_added_under_a_tidied_name(somebody: Acting) -> None:
    outcome = await somebody.do(AddType(name="  Мои \u0000\n паспорта ", emoji="🛂"))

    assert isinstance(outcome, TypeAdded)
    assert (outcome.name, outcome.emoji) == ("Мои паспорта", "🛂")


@pytest.mark.parametrize(
    "again",
    ["ПАСПОРТ ЁЖ", "паспорт  ёж", unicodedata.normalize("NFD", "Паспорт Ёж")],
)
async def test_a_type_of_the_same_name_in_any_writing_is_refused(
    somebody: Acting, again: str
) -> None:
    await somebody.do(AddType(name="Паспорт Ёж"))

    outcome = await somebody.do(AddType(name=again))

    assert isinstance(outcome, TypeRefused)
    assert outcome.reason == "name_taken"


async def test_two_people_may_use_the_same_name(somebody: Acting, somebody_else: Acting) -> None:
    assert isinstance(await somebody.do(AddType(name="Visas")), TypeAdded)
    assert isinstance(await somebody_else.do(AddType(name="Visas")), TypeAdded)


async def test_a_type_added_many_times_at_once_is_added_once(somebody: Acting) -> None:
    names = ["Визы", "ВИЗЫ", "визы", "вИЗЫ", "Визы"]

    outcomes = await asyncio.gather(*(somebody.do(AddType(name=name)) for name in names))

    assert Counter(type(outcome) for outcome in outcomes) == {TypeAdded: 1, TypeRefused: 4}


async def test_types_are_limited_even_if_added_at_once(somebody: Acting) -> None:
    for number in range(TYPES_LIMIT - 1):
        await somebody.do(AddType(name=f"Type {number}"))

    outcomes = await asyncio.gather(
        *(somebody.do(AddType(name=f"Last {number}")) for number in range(4))
    )

    assert sorted(getattr(outcome, "reason", "added") for outcome in outcomes) == [
        "added",
        *["too_many_types"] * 3,
    ]
    assert (await somebody.ask(ListTypes(page=Page(limit=1)))).total == TYPES_LIMIT


async def test_a_document_is_added_and_claims_its_upload(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)

    outcome = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name=" My  passport ")
    )

    assert isinstance(outcome, DocumentAdded)
    assert (outcome.type_name, outcome.name) == ("Passports", "My passport")
    claimed = UploadClaimed(person_id=somebody.person, app="documents", upload_id=upload_id)
    assert somebody.events == [claimed]


async def test_a_document_waits_until_its_upload_is_kept(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), new_upload_id()
    command = AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Passport")
    await somebody.hear(upload_kept(somebody.person, upload_id, app="devices"))
    with pytest.raises(NotYet):
        await somebody.do(command)

    await somebody.hear(upload_kept(somebody.person, upload_id))

    assert isinstance(await somebody.do(command), DocumentAdded)


async def test_a_lost_upload_makes_no_document(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), new_upload_id()
    await somebody.hear(
        UploadLost(
            person_id=somebody.person, app="documents", upload_id=upload_id, reason="too_large"
        )
    )

    outcome = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Passport")
    )

    assert outcome == DocumentRefused(
        person_id=somebody.person,
        reason="upload_lost",
        name="Passport",
        type_name="Passports",
        upload_ids=(upload_id,),
    )


async def test_a_discarded_upload_makes_no_document(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    await somebody.hear(
        UploadDiscarded(person_id=somebody.person, app="documents", upload_id=upload_id)
    )

    outcome = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Passport")
    )

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "upload_lost"


async def test_an_upload_about_to_be_discarded_makes_no_document(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    async with somebody.databases.storage.begin() as db:
        long_ago = File.known_since - timedelta(hours=23, minutes=30)
        await db.execute(
            update(File).where(File.upload_id == upload_id).values(known_since=long_ago)
        )

    outcome = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Passport")
    )

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "upload_lost"


async def test_an_upload_of_somebody_else_makes_no_document(
    somebody: Acting, somebody_else: Acting
) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody_else)

    outcome = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Theirs")
    )

    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "upload_lost"


async def test_a_document_needs_a_type_of_its_own_person(
    somebody: Acting, somebody_else: Acting
) -> None:
    theirs, upload_id = await add_type(somebody_else), await keep_upload(somebody)

    for type_id in (UNKNOWN, theirs):
        outcome = await somebody.do(
            AddDocument(upload_ids=(upload_id,), type_id=type_id, name="Passport")
        )
        assert isinstance(outcome, DocumentRefused)
        assert outcome.reason == "no_such_type"


async def test_a_name_is_taken_within_its_type_only(somebody: Acting) -> None:
    passports, visas = await add_type(somebody), await add_type(somebody, "Visas")
    namesake = await add_document(somebody, passports, "Япония")
    upload_id = await keep_upload(somebody)

    refused = await somebody.do(
        AddDocument(upload_ids=(upload_id,), type_id=passports, name="ЯПОНИЯ")
    )
    added = await somebody.do(AddDocument(upload_ids=(upload_id,), type_id=visas, name="ЯПОНИЯ"))

    assert refused == DocumentRefused(
        person_id=somebody.person,
        reason="name_taken",
        name="ЯПОНИЯ",
        type_name="Passports",
        upload_ids=(upload_id,),
        in_the_way=InTheWay(document_id=namesake, name="Япония", type_name="Passports"),
    )
    assert isinstance(added, DocumentAdded)


async def test_a_name_added_many_times_at_once_is_added_once(somebody: Acting) -> None:
    type_id, upload_id = await add_type(somebody), await keep_upload(somebody)
    commands = [
        AddDocument(upload_ids=(upload_id,), type_id=type_id, name=name)
        for name in ("Виза", "ВИЗА", "виза", "вИЗА", "Виза")
    ]

    outcomes = await asyncio.gather(*(somebody.do(command) for command in commands))

    assert Counter(type(outcome) for outcome in outcomes) == {DocumentAdded: 1, DocumentRefused: 4}
