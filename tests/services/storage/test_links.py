"""Links are made to one's own kept files, pause with the trash, and are gone with their person."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from contracts.documents import DeleteDocument, RestoreDocument
from contracts.files import (
    LINKS_LIMIT,
    CreateLink,
    DeadLink,
    GetLink,
    LinkCreated,
    LinkedFile,
    LinkedFiles,
    LinkList,
    LinkRefused,
    LinkRevoked,
    ListLinks,
    RevokeLink,
    UploadClaimed,
    UploadHidden,
    UploadLost,
    UploadReleased,
    UploadShown,
)
from contracts.people import PersonErased
from database.files import Claim, Link
from tests.services.acting import SIGNER, Acting
from tests.services.storage.keeping import (
    add_document,
    add_type,
    keep_upload,
    new_upload_id,
    upload_kept,
)


async def create(person: Acting, *upload_ids: str, days: int | None = 1) -> LinkCreated:
    """Link to uploads as if they were document 42."""
    command = CreateLink(target="42", title="Паспорт", upload_ids=upload_ids, days=days)
    outcome = await person.do(command)
    assert isinstance(outcome, LinkCreated), outcome
    return outcome


async def opens(person: Acting, link: LinkCreated) -> LinkedFiles | DeadLink:
    """Return what a link opens."""
    return await person.ask(GetLink(link_id=link.link_id))


def visibility(
    person: Acting, upload_id: str, version: int, *, hidden: bool
) -> UploadHidden | UploadShown:
    said = UploadHidden if hidden else UploadShown
    return said(person_id=person.person, app="documents", upload_id=upload_id, version=version)


async def test_a_link_opens_the_files_in_the_order_given(somebody: Acting) -> None:
    second, first = await keep_upload(somebody), await keep_upload(somebody)

    link = await create(somebody, first, second)

    found = await opens(somebody, link)
    assert isinstance(found, LinkedFiles)
    assert [file.upload_id for file in found.files] == [first, second]
    assert (found.person_id, found.app, found.title) == (somebody.person, "documents", "Паспорт")
    assert found.files[0] == LinkedFile(
        upload_id=first,
        name="scan.pdf",
        mime_type="application/pdf",
        size=1234,
        sha256=sha256(first.encode()).hexdigest(),
    )


@pytest.mark.parametrize("days", [1, 7, 30])
async def test_a_link_ends_after_its_days(somebody: Acting, days: int) -> None:
    link = await create(somebody, await keep_upload(somebody), days=days)
    assert link.expires_at is not None
    left = link.expires_at - datetime.now(UTC)
    assert timedelta(days=days, minutes=-1) < left <= timedelta(days=days)


async def test_links_that_work_are_listed_with_addresses_the_newest_first(
    somebody: Acting, somebody_else: Acting
) -> None:
    upload_id = await keep_upload(somebody)
    for_ever = await create(somebody, upload_id, days=None)
    a_day = await create(somebody, upload_id)
    ended = await create(somebody, upload_id)
    await _end(somebody, ended)
    assert await opens(somebody, ended) == DeadLink(reason="expired")

    found = await somebody.ask(ListLinks(target="42"))

    assert isinstance(found, LinkList)
    assert [link.link_id for link in found.links] == [a_day.link_id, for_ever.link_id]
    for link, created in zip(found.links, (a_day, for_ever), strict=True):
        signed = SIGNER.read(link.url.rpartition("/")[2])
        assert signed.link_id == created.link_id
        assert link.expires_at == created.expires_at
        assert (signed.expires_at is None) == (created.expires_at is None)
    assert await somebody.ask(ListLinks(target="43")) == LinkList(links=())
    assert await somebody_else.ask(ListLinks(target="42")) == LinkList(links=())
    somebody.app = "calendar"
    assert await somebody.ask(ListLinks(target="42")) == LinkList(links=())


async def test_a_revoked_link_opens_nothing_and_stays_revoked(somebody: Acting) -> None:
    link = await create(somebody, await keep_upload(somebody), days=None)
    for _ in range(2):
        assert isinstance(await somebody.do(RevokeLink(link_id=link.link_id)), LinkRevoked)
    assert await opens(somebody, link) == DeadLink(reason="revoked")


async def test_nobody_revokes_the_link_of_somebody_else(
    somebody: Acting, somebody_else: Acting
) -> None:
    link = await create(somebody, await keep_upload(somebody))
    outcome = await somebody_else.do(RevokeLink(link_id=link.link_id))
    assert isinstance(outcome, LinkRefused)
    assert outcome.reason == "no_such_link"
    assert isinstance(await opens(somebody, link), LinkedFiles)


async def test_only_own_kept_files_of_the_app_are_linked(
    somebody: Acting, somebody_else: Acting
) -> None:
    own, foreign = await keep_upload(somebody), await keep_upload(somebody_else)
    elsewhere, lost = new_upload_id(), await keep_upload(somebody)
    await somebody.hear(upload_kept(somebody.person, elsewhere, app="calendar"))
    await somebody.hear(
        UploadLost(person_id=somebody.person, app="documents", upload_id=lost, reason="gone")
    )
    for upload_id in (foreign, elsewhere, lost, "unknown"):
        outcome = await somebody.do(CreateLink(target="42", title="x", upload_ids=(own, upload_id)))
        assert isinstance(outcome, LinkRefused)
        assert outcome.reason == "no_such_file"


async def test_there_are_not_more_links_than_there_may_be(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)
    links = [await create(somebody, upload_id) for _ in range(LINKS_LIMIT)]
    one_more = CreateLink(target="42", title="x", upload_ids=(upload_id,))

    outcome = await somebody.do(one_more)
    assert isinstance(outcome, LinkRefused)
    assert outcome.reason == "too_many_links"

    await somebody.do(RevokeLink(link_id=links[0].link_id))
    assert isinstance(await somebody.do(one_more), LinkCreated)


async def test_what_is_in_the_trash_is_behind_no_link_until_it_is_back(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)
    link = await create(somebody, upload_id)

    await somebody.hear(visibility(somebody, upload_id, 2, hidden=True))
    assert await opens(somebody, link) == DeadLink(reason="gone")
    refused = await somebody.do(CreateLink(target="42", title="x", upload_ids=(upload_id,)))
    assert isinstance(refused, LinkRefused)

    await somebody.hear(visibility(somebody, upload_id, 3, hidden=False))
    assert isinstance(await opens(somebody, link), LinkedFiles)


async def test_an_older_change_heard_later_changes_nothing(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)
    link = await create(somebody, upload_id)
    await somebody.hear(visibility(somebody, upload_id, 3, hidden=False))
    await somebody.hear(visibility(somebody, upload_id, 2, hidden=True))
    assert isinstance(await opens(somebody, link), LinkedFiles)
    await somebody.hear(visibility(somebody, upload_id, 4, hidden=True))
    claim = UploadClaimed(person_id=somebody.person, app="documents", upload_id=upload_id)
    await somebody.hear(claim)
    assert await opens(somebody, link) == DeadLink(reason="gone")


async def test_nobody_hides_the_files_of_somebody_else(
    somebody: Acting, somebody_else: Acting
) -> None:
    upload_id = await keep_upload(somebody)
    link = await create(somebody, upload_id)
    await somebody_else.hear(visibility(somebody_else, upload_id, 9, hidden=True))
    assert isinstance(await opens(somebody, link), LinkedFiles)


async def test_a_document_says_when_it_goes_to_the_trash_and_when_it_is_back(
    somebody: Acting,
) -> None:
    document_id = await add_document(somebody, await add_type(somebody))
    upload_id = next(e.upload_id for e in somebody.events if isinstance(e, UploadClaimed))
    await _pass_on(somebody)
    link = await create(somebody, upload_id)

    deleted = await somebody.do(DeleteDocument(document_id=document_id, version=1))
    await somebody.hear(deleted)
    await _pass_on(somebody)
    assert await opens(somebody, link) == DeadLink(reason="gone")

    restored = await somebody.do(RestoreDocument(document_id=document_id))
    await somebody.hear(restored)
    await _pass_on(somebody)
    assert isinstance(await opens(somebody, link), LinkedFiles)


async def test_a_link_to_nothing_kept_is_forgotten(somebody: Acting) -> None:
    first, second = await keep_upload(somebody), await keep_upload(somebody)
    both, one = await create(somebody, first, second), await create(somebody, first)
    for upload_id, left in ((first, [both.link_id]), (second, [])):
        await somebody.hear(
            UploadReleased(person_id=somebody.person, app="documents", upload_id=upload_id)
        )
        async with somebody.databases.storage() as db:
            rows = await db.scalars(select(Link.id).where(Link.person_id == somebody.person))
            assert rows.all() == left
    assert await opens(somebody, one) == DeadLink(reason="gone")


async def test_of_an_erased_person_no_link_is_left(somebody: Acting, somebody_else: Acting) -> None:
    link = await create(somebody, await keep_upload(somebody))
    theirs = await create(somebody_else, await keep_upload(somebody_else))

    await somebody.hear(PersonErased(person_id=somebody.person))

    assert await opens(somebody, link) == DeadLink(reason="gone")
    assert isinstance(await opens(somebody_else, theirs), LinkedFiles)
    async with somebody.databases.storage() as db:
        for table in (Link, Claim):
            rows = await db.scalars(select(table).where(table.person_id == somebody.person))
            assert not rows.all()


async def _end(person: Acting, link: LinkCreated) -> None:
    """Let the time of a link be over."""
    async with person.databases.storage.begin() as db:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await db.execute(update(Link).where(Link.id == link.link_id).values(expires_at=past))


async def _pass_on(person: Acting) -> None:
    """Let every app hear what else was said."""
    events, person.events = person.events, []
    for event in events:
        await person.hear(event)
