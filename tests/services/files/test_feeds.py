"""Calendar programs subscribe to a feed over HTTP, and ask again and again."""

import json
from io import StringIO

import pytest
from aiohttp import ClientSession
from icalendar import Calendar

from services.files.store import ObjectStore
from switchboard.local.servers import LocalServers
from tests.services.files.links import LATER, SIGNER, Browser, Known, links_served, tampered
from tests.services.files.test_ics import task

FEED_ID = 7


def token(feed_id: int = FEED_ID) -> str:
    """Return what opens a feed."""
    return SIGNER.feed_url(feed_id).rpartition("/")[2].removesuffix(".ics")


@pytest.fixture
def store(folder: ObjectStore) -> ObjectStore:
    """Where the bytes of files are does not matter to feeds."""
    return folder


async def test_a_feed_holds_all_tasks_and_says_when_nothing_has_changed(
    known: Known, browser: Browser
) -> None:
    known.feeds[FEED_ID] = [task(number) for number in range(1, 6)]
    response, body = await browser.subscribes(token())
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    found = Calendar.from_ical(body)
    assert len(found.walk("VEVENT")) == 5
    assert found["X-WR-CALNAME"] == "Мои задачи"

    etag = response.headers["ETag"]
    again, nothing = await browser.subscribes(token(), If_None_Match=etag)
    assert (again.status, nothing, again.headers["ETag"]) == (304, b"", etag)

    known.feeds[FEED_ID] = [task(1, title="Другое")]
    changed, body = await browser.subscribes(token(), If_None_Match=etag)
    assert changed.status == 200
    assert "Другое" in body.decode()
    assert changed.headers["ETag"] != etag

    known.feeds[FEED_ID] = []
    empty, body = await browser.subscribes(token())
    assert empty.status == 200
    assert not Calendar.from_ical(body).walk("VEVENT")


async def test_a_feed_that_is_revoked_or_forged_says_so_and_holds_nothing(
    known: Known, browser: Browser
) -> None:
    revoked, body = await browser.subscribes(token())
    assert revoked.status == 410
    assert "This calendar is no longer here" in body.decode()
    assert revoked.headers["Cache-Control"] == "no-store"
    known.feeds[FEED_ID] = [task()]
    # What opens a link to files opens no feed, and the other way round.
    for forged in ("x", tampered(token()), SIGNER.sign(FEED_ID, None), SIGNER.sign(7, LATER)):
        refused, body = await browser.subscribes(forged)
        assert refused.status == 403
        assert "This address is not valid" in body.decode()
    crossed, _ = await browser.opens(token())
    assert crossed.status == 403


async def test_without_query_a_program_is_told_to_come_again(browser: Browser) -> None:
    response, body = await browser.subscribes(token(), Accept_Language="ru")
    assert response.status == 503
    assert response.headers["Retry-After"] == "30"
    assert "Календарь сейчас не получить" in body.decode()


async def test_no_line_holds_what_opens_a_feed(
    nats: LocalServers, known: Known, folder: ObjectStore, written: StringIO
) -> None:
    known.feeds[FEED_ID] = [task()]
    async with links_served(nats.environment, folder) as address, ClientSession(address) as http:
        await Browser(http).subscribes(token())
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (line,) = (line for line in lines if line["event"] == "link.answered")
    assert (line["feed_id"], line["app"], line["outcome"]) == (FEED_ID, "calendar", "opened")
    assert token() not in written.getvalue()
