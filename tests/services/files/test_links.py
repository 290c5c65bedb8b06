"""Links open files, whole and in part, and say in plain pages why they do not."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from contracts.files import DeadLink
from services.files.keep import key_of
from services.files.store import ObjectStore, S3Access, object_store
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.services.files.links import (
    ANNA,
    CONTENT,
    LATER,
    SIGNER,
    Browser,
    Known,
    links_served,
    stored,
)


@pytest_asyncio.fixture
async def known(nats: LocalServers) -> AsyncIterator[Known]:
    """What query answers."""
    links = Known()
    async with links.answering(nats.environment):
        yield links


@pytest_asyncio.fixture
async def browser(nats: LocalServers, store: ObjectStore) -> AsyncIterator[Browser]:
    """Somebody who opens links."""
    async with (
        links_served(nats.environment, store) as address,
        ClientSession(address) as http,
    ):
        yield Browser(http)


async def test_a_link_opens_its_file(known: Known, browser: Browser, store: ObjectStore) -> None:
    token = known.add(await stored(store))
    response, body = await browser.opens(token)
    assert (response.status, body) == (200, CONTENT)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in response.headers["Cache-Control"]


async def test_an_empty_file_is_a_file(known: Known, browser: Browser, store: ObjectStore) -> None:
    token = known.add(await stored(store, content=b""))
    response, body = await browser.opens(token)
    assert (response.status, body) == (200, b"")
    response, _ = await browser.opens(token, Range="bytes=0-")
    assert response.status == 416


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=0-", slice(0, None)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=255990-999999", slice(255990, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-999999", slice(0, None)),
    ],
)
async def test_a_part_is_sent_when_asked_for(
    known: Known, browser: Browser, store: ObjectStore, asked: str, part: slice
) -> None:
    token = known.add(await stored(store))
    response, body = await browser.opens(token, Range=asked)
    first, after, _ = part.indices(len(CONTENT))
    assert (response.status, body) == (206, CONTENT[part])
    assert response.headers["Content-Range"] == f"bytes {first}-{after - 1}/{len(CONTENT)}"
    assert response.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
async def test_a_part_behind_the_end_is_refused(
    known: Known, browser: Browser, store: ObjectStore, asked: str
) -> None:
    token = known.add(await stored(store))
    response, _ = await browser.opens(token, Range=asked)
    assert response.status == 416
    assert response.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,5-6", "items=0-1", "bytes=x", "bytes=-"])
async def test_of_any_other_range_the_whole_is_sent(
    known: Known, browser: Browser, store: ObjectStore, asked: str
) -> None:
    response, body = await browser.opens(known.add(await stored(store)), Range=asked)
    assert (response.status, body) == (200, CONTENT)


async def test_head_tells_all_but_the_bytes(
    known: Known, browser: Browser, store: ObjectStore
) -> None:
    token = known.add(await stored(store))
    whole, body = await browser.opens(token, method="HEAD")
    assert (whole.status, body) == (200, b"")
    assert whole.headers["Content-Length"] == str(len(CONTENT))
    part, _ = await browser.opens(token, method="HEAD", Range="bytes=1-2")
    assert (part.status, part.headers["Content-Length"]) == (206, "2")


async def test_what_the_browser_has_is_not_sent_again(
    known: Known, browser: Browser, store: ObjectStore
) -> None:
    token = known.add(await stored(store))
    first, _ = await browser.opens(token)
    etag = first.headers["ETag"]
    for condition in (etag, f'W/{etag}, "other"', "*"):
        response, body = await browser.opens(token, If_None_Match=condition)
        assert (response.status, body, response.headers["ETag"]) == (304, b"", etag)
    response, _ = await browser.opens(token, If_None_Match='"other"')
    assert response.status == 200


async def test_a_part_of_another_file_is_not_sent(
    known: Known, browser: Browser, store: ObjectStore
) -> None:
    token = known.add(await stored(store))
    first, _ = await browser.opens(token)
    same, _ = await browser.opens(token, Range="bytes=0-1", If_Range=first.headers["ETag"])
    other, body = await browser.opens(token, Range="bytes=0-1", If_Range='"other"')
    assert same.status == 206
    assert (other.status, body) == (200, CONTENT)


@pytest.mark.parametrize(
    ("name", "mime_type", "kind", "content_type"),
    [
        ("Паспорт «мой».pdf", "application/pdf", "inline", "application/pdf"),
        ("cat.png", "image/png", "inline", "image/png"),
        ("page.html", "text/html", "attachment", "text/html"),
        ("drawing.svg", "image/svg+xml", "attachment", "image/svg+xml"),
        ('a"b\\c;d.txt', "text/plain", "attachment", "text/plain"),
        ("x.bin", "nonsense\r\nSet-Cookie: a=b", "attachment", "application/octet-stream"),
        ("", "", "attachment", "application/octet-stream"),
        ("../../etc/passwd\r\nX: y", "", "attachment", "application/octet-stream"),
    ],
)
async def test_a_file_has_its_name_and_a_type_that_cannot_run(
    known: Known,
    browser: Browser,
    store: ObjectStore,
    name: str,
    mime_type: str,
    kind: str,
    content_type: str,
) -> None:
    token = known.add(await stored(store, name, mime_type=mime_type))
    response, _ = await browser.opens(token)
    assert response.headers["Content-Type"] == content_type
    found = re.fullmatch(
        r"""(\w+); filename="[^"\\]*"; filename\*=UTF-8''(\S+)""",
        response.headers["Content-Disposition"],
    )
    assert found is not None
    shown = "".join(filter(str.isprintable, name)) or "file"
    assert (found[1], unquote(found[2])) == (kind, shown)
    assert ("Content-Security-Policy" in response.headers) == (content_type != "application/pdf")


async def test_several_files_are_listed_and_each_is_opened(
    known: Known, browser: Browser, store: ObjectStore
) -> None:
    first = await stored(store, "<b>первый</b>.pdf", upload_id="documents-7-1")
    second = await stored(store, "2.txt", content=b"two", upload_id="documents-7-2")
    token = known.add(first, second)
    response, body = await browser.opens(token)
    assert response.status == 200
    assert "<h1>Паспорт &amp; Co</h1>" in body.decode()
    assert "&lt;b&gt;первый&lt;/b&gt;.pdf</a> <small>250 kB" in body.decode().replace("\xa0", " ")
    assert re.findall(r'href="([^"]+)"', body.decode()) == [f"{token}/1", f"{token}/2"]
    for number, content in enumerate((CONTENT, b"two"), 1):
        response, body = await browser.opens(f"{token}/{number}")
        assert (response.status, body) == (200, content)
    for no_number in ("3", "999", "1000", "x"):
        response, _ = await browser.opens(f"{token}/{no_number}")
        assert response.status == 404


async def test_an_expired_link_is_gone_and_nobody_is_asked(browser: Browser) -> None:
    token = SIGNER.sign(1, datetime.now(UTC) - timedelta(seconds=1))
    response, body = await browser.opens(token)
    assert response.status == 410
    assert "This link has expired" in body.decode()


@pytest.mark.parametrize("token", ["x", "A" * 40, SIGNER.sign(1, LATER)[:-1] + "-", "%D0%96" * 40])
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


async def test_while_nobody_answers_it_is_tried_later(browser: Browser) -> None:
    response, body = await browser.opens(SIGNER.sign(1, LATER))
    assert (response.status, response.headers["Retry-After"]) == (503, "30")
    assert "Please try again" in body.decode()


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
    assert "link.opened" in said
    assert "link.not_opened" in said
    assert token not in said
    assert forged not in said
    assert str(ANNA).encode() not in page
    assert forged.encode() not in page


async def test_nothing_else_is_served(browser: Browser, tmp_path: Path) -> None:
    for path in ("", "/files", "/files/../kept", "/files/a/b/c"):
        async with browser.http.get(path or "/") as response:
            assert response.status in (403, 404)
    async with browser.http.get("/healthz") as response:
        assert response.status == 200
