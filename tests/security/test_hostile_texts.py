"""Names, titles, notes and files that want to be more: they stay text, and bytes."""

import asyncio
from urllib.parse import unquote

import aiohttp
import pytest
import pytest_asyncio

from contracts.files import DOWNLOAD_LIMIT
from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.links import create_link, opened
from tests.flows.test_documents import add, open_document
from tests.security.webhook import Webhook

PDF = b"%PDF-1.4 a contract"
MARKUP = (
    "<b>b</b> & <a href='tg://user?id=1'>",
    "</b></i><script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;",
    "*bold* _it_ [x](http://x.y) `c` ||s||",
    "<blockquote expandable><pre>x",
    "{name} %s %(name)s ${x} {{7*7}}",
)
"""Each short enough for the name of a type."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def file_id(http: aiohttp.ClientSession) -> str:
    """What Telegram calls a file that somebody has sent."""
    async with http.post("/sim/people", json={"first_name": "Sender"}) as response:
        sender = Chat(http, "documents", (await response.json())["id"])
    await add(sender, PDF, "a.pdf", "Sent", name="Sent")
    await open_document(sender, "Sent (1)", "Sent")
    return str((await sender.sees("Rename"))["file"]["file_id"])


async def keep(person: Chat, webhook: Webhook, **document: str | int) -> None:
    """Bring a document as Telegram would describe it, and keep it as Strange one."""
    await person.says("/start")
    await person.sees_new("Add document")
    await webhook.brings_document(person, **document)
    await person.presses("New type")
    await person.says("Strange")
    await person.sees_new("Send me a name")
    await person.says("Strange one")
    await person.presses("Save")
    await person.sees_new("Saved")
    await open_document(person, "Strange (1)", "Strange one")


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_is_shown_as_it_was_written(person: Chat, text: str) -> None:
    await add(person, PDF, "a.pdf", text, name=f"{text}!")
    await open_document(person, f"{text} (1)", f"{text}!")
    await person.presses("Note")
    await person.sees_new("What shall I note")
    await person.says(f"note {text}")
    await person.presses("Show it")
    shown = await person.sees_new("Rename")
    assert shown["text"].startswith(f"{text}!\n{text}, added ")
    assert f"note {text}" in shown["text"]
    # A name is bold by our own markup, an address as such by Telegram's; no more has become any.
    assert {entity["type"] for entity in shown["entities"]} <= {"bold", "url"}


async def test_a_title_is_text_on_the_page_of_a_link_and_in_its_headers(person: Chat) -> None:
    name = '<img src=x onerror=alert(1)> "quoted"'
    await person.sends_album({"a.pdf": PDF, "b.pdf": PDF + b"2"})
    await person.presses("New type")
    await person.says("Albums")
    await person.sees_new("Keep")
    await person.says(name)
    await person.presses("Save")
    await person.sees_new("Saved")
    await open_document(person, "Albums (1)", name)
    response, page = await opened(await create_link(person))
    assert response.status == 200
    assert b"&lt;img src=x onerror=alert(1)&gt;" in page
    assert b"<img src=x" not in page
    assert "script" not in response.headers.get("Content-Security-Policy", "script")


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("../../../../etc/passwd", ".._.._.._.._etc_passwd"),
        ("..\\..\\boot.ini", ".._.._boot.ini"),
        ("/etc/cron.d/mine", "_etc_cron.d_mine"),
        ("con\x00trol\x07\x1b[31m.pdf", "control[31m.pdf"),
        ("line\r\nSet-Cookie: a=b.pdf", "lineSet-Cookie: a=b.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("x" * 10_000 + ".pdf", "x" * 251 + ".pdf"),
        ('<b>&"; filename=other.pdf', '<b>&"; filename=other.pdf'),
        ("..", "file"),
        ("%2e%2e%2f%00.pdf", "%2e%2e%2f%00.pdf"),
        ("", None),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_a_file_may_be_called_anything(
    person: Chat, webhook: Webhook, file_id: str, name: str, saved_as: str | None
) -> None:
    await keep(person, webhook, file_id=file_id, file_name=name, mime_type="x/y")
    response, body = await opened(await create_link(person))
    assert (response.status, body) == (200, PDF)
    assert "Set-Cookie" not in response.headers
    given = response.headers["Content-Disposition"]
    assert given.isascii()
    plain, _, encoded = given.partition("; filename*=UTF-8''")
    assert plain.startswith('attachment; filename="')
    assert plain.count('"') == 2
    if saved_as:
        assert unquote(encoded) == saved_as


@pytest.mark.parametrize(
    ("data", "name", "mime_type"),
    [
        (b"<html><script>alert(1)</script>", "page.pdf", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.jpg", "image/svg+xml"),
        (b"<html><script>alert(1)</script>", "page.html", "image/png"),
        (b"MZ\x90\x00 a program", "report.pdf", "application/x-msdownload"),
        (PDF, "a.pdf", "text/html\r\nSet-Cookie: a=b"),
        (PDF, "a.pdf", "\x00" + "x" * 10_000),
    ],
    ids=["page", "drawing", "page as picture", "program", "header", "nonsense"],
)
async def test_a_file_that_is_not_what_it_says_runs_nowhere(
    meet: MeetPerson, webhook: Webhook, data: bytes, name: str, mime_type: str
) -> None:
    sender, person = await meet("en"), await meet("en")
    await add(sender, data, name, "Lies", name="A lie")
    await open_document(sender, "Lies (1)", "A lie")
    file_id = (await sender.sees("Rename"))["file"]["file_id"]
    await keep(person, webhook, file_id=file_id, file_name=name, mime_type=mime_type)
    response, body = await opened(await create_link(person))
    assert (response.status, body) == (200, data)
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    inline = response.headers["Content-Disposition"].startswith("inline")
    assert inline == (response.headers["Content-Type"] == "image/png")


async def test_a_file_over_the_limit_that_says_it_is_small_is_refused_in_words(
    meet: MeetPerson, webhook: Webhook
) -> None:
    sender, person = await meet("en"), await meet("en")
    await sender.sends(bytes(DOWNLOAD_LIMIT + 1), "big.bin")
    await sender.sees_new("20 MB")
    async with sender.http.get(f"/sim/chats/documents/{sender.person_id}") as response:
        chat = await response.json()
    file_id = chat["messages"][0]["file"]["file_id"]
    await person.says("/start")
    await person.sees_new("Add document")
    await webhook.brings_document(person, file_id=file_id, file_name="small.bin", file_size=10)
    await person.presses("New type")
    await person.says("Large")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("small was not saved")


async def test_a_person_may_be_called_anything(http: aiohttp.ClientSession) -> None:
    async def greets(name: str) -> None:
        async with http.post("/sim/people", json={"first_name": name}) as response:
            chat = Chat(http, "documents", (await response.json())["id"])
        await chat.says("/start")
        await chat.sees_new("Add document")

    await asyncio.gather(*(greets(name) for name in MARKUP))


@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "\x1b[31mred", "\u202e\u200b", "x" * 4096, "%", "\\", "'; DROP TABLE--"],
    ids=lambda value: ascii(value)[:20],
)
async def test_whatever_is_said_is_answered(person: Chat, text: str) -> None:
    await person.says(text)
    await person.says("/start")
    await person.sees_new("Add document")
    assert "something broke" not in (await person.transcript()).lower()
