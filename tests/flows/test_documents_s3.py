"""The same bot with its files in S3, and with updates by webhook: nobody notices either."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.files.store import S3Access, object_store
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.conftest import UNTOLD
from tests.flows.links import create_link, opened
from tests.flows.test_documents import add, lose, open_document
from tests.services.files.seaweedfs import seaweedfs

BUCKET = "s3://files"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def s3(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[S3Access]:
    """A running S3 without any bucket."""
    async with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as access:
        yield access


@pytest.fixture(scope="module")
def other_settings(s3: S3Access) -> dict[str, str]:
    """Files in S3, updates by webhook."""
    return {
        **UNTOLD,
        "FILES_URL": BUCKET,
        "S3_ENDPOINT": s3.endpoint,
        "S3_ACCESS_KEY": s3.access_key.get_secret_value(),
        "S3_SECRET_KEY": s3.secret_key.get_secret_value(),
        "TELEGRAM_MODE": "webhook",
    }


async def test_what_telegram_lost_comes_back_from_s3(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    shown = await person.sees_new("Rename")
    await lose(person, shown["file"]["file_id"])
    await open_document(person, "Reports (1)", "report")
    again = await person.sees_new("Rename")
    assert again["file"]["file_id"] != shown["file"]["file_id"]
    assert await person.receives("report.pdf") == report


async def test_a_link_opens_what_is_in_s3(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    address = await create_link(person)
    whole, body = await opened(address)
    assert (whole.status, body) == (200, report)
    part, body = await opened(address, Range="bytes=-5")
    assert (part.status, body) == (206, report[-5:])


async def test_of_a_forgotten_person_nothing_stays_in_s3(
    person: Chat, report: bytes, s3: S3Access
) -> None:
    await add(person, report, "report.pdf", "Reports")
    folder, store = f"documents/{person.person_id}", object_store(BUCKET, s3)
    assert len(await store.keys(folder)) == 1
    await person.says("/settings")
    await person.presses("Forget me")
    await person.presses("Yes, forget me")
    await person.sees_new("You are forgotten")

    async def is_empty() -> bool:
        return not await store.keys(folder)

    await eventually(is_empty)
