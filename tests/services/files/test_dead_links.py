"""Links that do not open say why, in plain pages that give nothing away."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from aiohttp import ClientSession

from contracts.files import DeadLink
from services.files.keep import key_of
from services.files.store import ObjectStore, S3Access, object_store
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.services.files.links import (
    ANNA,
    LATER,
    SIGNER,
    Browser,
    Known,
    links_served,
    stored,
    tampered,
)


async def test_an_expired_link_is_gone_and_nobody_is_asked(browser: Browser) -> None:
    token = SIGNER.sign(1, datetime.now(UTC) - timedelta(seconds=1))
    response, body = await browser.opens(token)
    assert response.status == 410
    assert "This link has expired" in body.decode()


@pytest.mark.parametrize(
    "token",
    ["x", "A" * 40, tampered(SIGNER.sign(1, LATER)), "%D0%96" * 40],
    ids=["short", "long", "changed", "Cyrillic"],  # a token holds the time, workers compare names
)
async def test_a_tampered_link_is_refused_and_nobody_is_asked(browser: Browser, token: str) -> None:
    response, body = await browser.opens(token)
    assert response.status == 403
    assert "This link is not valid" in body.decode()


@pytest.mark.parametrize(
    ("link", "status", "words"),
    [
        (DeadLink(reason="revoked"), 410, "This link was revoked"),
        (DeadLink(reason="expired"), 410, "This link has expired"),
        (DeadLink(reason="gone"), 404, "There is nothing here"),
    ],
)
async def test_a_dead_link_says_why(
    known: Known, browser: Browser, link: DeadLink, status: int, words: str
) -> None:
    response, body = await browser.opens(known.add_dead(link))
    assert response.status == status
    assert words in body.decode()
    assert response.headers["Cache-Control"] == "no-store"


async def test_bytes_that_are_gone_are_not_found(
    known: Known, browser: Browser, store: ObjectStore
) -> None:
    file = await stored(store)
    await store.delete(key_of("documents", ANNA, file.upload_id))
    for method in ("GET", "HEAD"):
        response, _ = await browser.opens(known.add(file), method=method)
        assert response.status == 404


async def test_while_nobody_answers_it_is_tried_later(browser: Browser, written: StringIO) -> None:
    response, body = await browser.opens(SIGNER.sign(1, LATER))
    assert (response.status, response.headers["Retry-After"]) == (503, "30")
    assert "Please try again" in body.decode()
    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert f"Code: {line['trace_id']}" in body.decode()


async def test_while_nats_is_away_it_is_tried_later(
    nats: LocalServers, known: Known, browser: Browser, store: ObjectStore
) -> None:
    token = known.add(await stored(store))
    await nats.stop("nats")
    try:
        response, _ = await browser.opens(token)
        assert response.status == 503
    finally:
        await nats.start("nats")

    async def opens_again() -> bool:
        return (await browser.opens(token))[0].status == 200

    await eventually(opens_again)


async def test_while_the_store_is_away_it_is_tried_later(
    nats: LocalServers, known: Known, folder: ObjectStore
) -> None:
    token = known.add(await stored(folder))
    secret = SIGNER.secrets[0]
    away = object_store("s3://files", S3Access("http://127.0.0.1:9", secret, secret))
    async with links_served(nats.environment, away) as address, ClientSession(address) as http:
        response, _ = await Browser(http).opens(token)
        assert response.status == 503


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("ru", "Эта ссылка неверна"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "Эта ссылка неверна"),
        ("en,ru;q=0.5", "This link is not valid"),
        ("de, ru;q=0.1", "Эта ссылка неверна"),
        ("fr;q=x", "This link is not valid"),
    ],
)
async def test_pages_are_in_the_language_of_the_browser(
    browser: Browser, wanted: str, words: str
) -> None:
    _, body = await browser.opens("x", Accept_Language=wanted)
    assert words in body.decode()


async def test_neither_log_nor_page_holds_what_opens_a_link(
    known: Known, browser: Browser, store: ObjectStore, written: StringIO
) -> None:
    token = known.add(await stored(store))
    forged = "B" * 40
    await browser.opens(token)
    _, page = await browser.opens(forged)
    said = written.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    opened, not_opened = [line for line in lines if line["event"] == "link.answered"]
    assert (opened["outcome"], opened["status"]) == ("opened", 200)
    assert (not_opened["outcome"], not_opened["status"]) == ("forged", 403)
    assert opened.keys() >= {"duration", "link_id", "upload_id", "message_id", "app", "trace_id"}
    # Both came by one connection, which is one task.
    assert not_opened.keys() & {"link_id", "upload_id", "message_id", "app"} == set()
    assert token not in said
    assert forged not in said
    assert str(ANNA).encode() not in page
    assert forged.encode() not in page


async def test_nothing_else_is_served(browser: Browser) -> None:
    for path in ("", "/files", "/files/../kept", "/files/a/b/c", "/healthz"):
        async with browser.http.get(path or "/") as response:
            assert response.status in (403, 404)
