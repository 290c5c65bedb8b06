"""Links open files, whole and in part, and say in plain pages why they do not."""

import re
from urllib.parse import unquote

import pytest

from services.files.store import ObjectStore
from tests.services.files.links import (
    CONTENT,
    Browser,
    Known,
    stored,
)


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
    ("sent", "shown"),
    [
        (("Паспорт «мой».pdf", "application/pdf"), ("inline", "application/pdf")),
        (("cat.png", "image/png"), ("inline", "image/png")),
        (("page.html", "text/html"), ("attachment", "text/html")),
        (("drawing.svg", "image/svg+xml"), ("attachment", "image/svg+xml")),
        (('a"b\\c;d.txt', "text/plain"), ("attachment", "text/plain")),
        (("x.bin", "nonsense\r\nSet-Cookie: a=b"), ("attachment", "application/octet-stream")),
        (("", ""), ("attachment", "application/octet-stream")),
        (("../../etc/passwd\r\nX: y", ""), ("attachment", "application/octet-stream")),
    ],
)
async def test_a_file_has_its_name_and_a_type_that_cannot_run(
    known: Known,
    browser: Browser,
    store: ObjectStore,
    sent: tuple[str, str],
    shown: tuple[str, str],
) -> None:
    (name, mime_type), (kind, content_type) = sent, shown
    token = known.add(await stored(store, name, mime_type=mime_type))
    response, _ = await browser.opens(token)
    assert response.headers["Content-Type"] == content_type
    found = re.fullmatch(
        r"""(\w+); filename="[^"\\]*"; filename\*=UTF-8''(\S+)""",
        response.headers["Content-Disposition"],
    )
    assert found is not None
    plain = re.sub(r"[/\\]", "_", "".join(filter(str.isprintable, name))) or "file"
    assert (found[1], unquote(found[2])) == (kind, plain)
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
