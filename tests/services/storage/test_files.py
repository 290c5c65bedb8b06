"""Uploads are recorded, claimed in any order, and discarded by their own person's clock only."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contracts.files import (
    DiscardUpload,
    UploadClaimed,
    UploadDiscarded,
    UploadId,
    UploadInUse,
    UploadLost,
    UploadSent,
)
from contracts.people import PersonErased
from database.files import Claim, Upload
from database.scheduled import Scheduled
from tests.services.acting import Acting
from tests.services.storage.keeping import keep_upload, new_upload_id, upload_kept


async def find(person: Acting, upload_id: UploadId) -> Upload | None:
    async with person.databases.storage() as db:
        return await db.get(Upload, upload_id)


async def due_at(person: Acting, upload_id: UploadId) -> datetime | None:
    async with person.databases.storage() as db:
        return await db.scalar(
            select(Scheduled.due_at).where(Scheduled.key == f"discard:{upload_id}")
        )


def claimed(person: Acting, upload_id: UploadId) -> UploadClaimed:
    return UploadClaimed(person_id=person.person, app=person.app, upload_id=upload_id)


def lost(person: Acting, upload_id: UploadId) -> UploadLost:
    return UploadLost(person_id=person.person, app=person.app, upload_id=upload_id, reason="gone")


async def test_a_kept_upload_is_due_to_be_discarded_a_day_later(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)

    upload = await find(somebody, upload_id)

    assert upload is not None
    assert upload.kept_at is not None
    assert (upload.state, upload.file_name, upload.size) == ("kept", "scan.pdf", 1234)
    assert await due_at(somebody, upload_id) == upload.kept_at + timedelta(days=1)


async def test_an_upload_that_nothing_claims_is_discarded_and_stays_so(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)
    discarded = UploadDiscarded(person_id=somebody.person, app="documents", upload_id=upload_id)

    for _ in range(2):
        assert await somebody.do(DiscardUpload(upload_id=upload_id)) == discarded

    upload = await find(somebody, upload_id)
    assert upload is not None
    assert upload.state == "discarded"


async def test_a_claimed_upload_is_not_discarded_nor_due(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)

    await somebody.hear(claimed(somebody, upload_id))

    assert await due_at(somebody, upload_id) is None
    outcome = await somebody.do(DiscardUpload(upload_id=upload_id))
    assert outcome == UploadInUse(person_id=somebody.person, upload_id=upload_id)


async def test_a_claim_heard_before_its_upload_counts(somebody: Acting) -> None:
    upload_id = new_upload_id()
    await somebody.hear(claimed(somebody, upload_id))

    await somebody.hear(upload_kept(somebody.person, upload_id))

    assert isinstance(await somebody.do(DiscardUpload(upload_id=upload_id)), UploadInUse)


async def test_nobody_discards_or_claims_for_somebody_else(
    somebody: Acting, somebody_else: Acting
) -> None:
    upload_id = await keep_upload(somebody)
    await somebody.hear(claimed(somebody_else, upload_id))

    outcome = await somebody_else.do(DiscardUpload(upload_id=upload_id))

    assert outcome == UploadInUse(person_id=somebody_else.person, upload_id=upload_id)
    assert isinstance(await somebody.do(DiscardUpload(upload_id=upload_id)), UploadDiscarded)


async def test_an_unknown_upload_is_left_alone(somebody: Acting) -> None:
    assert isinstance(await somebody.do(DiscardUpload(upload_id="unknown")), UploadInUse)


async def test_an_upload_lost_at_once_may_be_kept_at_another_try(somebody: Acting) -> None:
    upload_id = new_upload_id()
    await somebody.hear(lost(somebody, upload_id))
    upload = await find(somebody, upload_id)
    assert upload is not None
    assert (upload.state, upload.lost_reason) == ("lost", "gone")
    assert await due_at(somebody, upload_id) is None

    await somebody.hear(upload_kept(somebody.person, upload_id))

    upload = await find(somebody, upload_id)
    assert upload is not None
    assert (upload.state, upload.lost_reason) == ("kept", None)


async def test_a_kept_upload_may_be_lost_later(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)

    await somebody.hear(lost(somebody, upload_id))
    await somebody.hear(upload_kept(somebody.person, upload_id))

    upload = await find(somebody, upload_id)
    assert upload is not None
    assert (upload.state, upload.file_name) == ("lost", "scan.pdf")


async def test_the_newest_file_id_of_telegram_is_kept(somebody: Acting) -> None:
    upload_id = await keep_upload(somebody)

    await somebody.hear(UploadSent(person_id=somebody.person, upload_id=upload_id, file_id="tg-2"))

    upload = await find(somebody, upload_id)
    assert upload is not None
    assert upload.file_id == "tg-2"


async def test_an_erased_person_leaves_neither_row_nor_schedule(
    somebody: Acting, somebody_else: Acting
) -> None:
    due, saved = await keep_upload(somebody), await keep_upload(somebody)
    await somebody.hear(claimed(somebody, saved))
    theirs = await keep_upload(somebody_else)

    await somebody.hear(PersonErased(person_id=somebody.person))

    assert await due_at(somebody, due) is None
    async with somebody.databases.storage() as db:
        for table in (Upload, Claim):
            rows = await db.scalars(select(table).where(table.person_id == somebody.person))
            assert not rows.all()
    assert await find(somebody_else, theirs) is not None
    assert await due_at(somebody_else, theirs) is not None
