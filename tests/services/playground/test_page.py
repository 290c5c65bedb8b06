"""The chat page as its server sends it; how it looks is for eyes."""

from html.parser import HTMLParser

import aiohttp
import pytest
import telegram

from services.playground import typing_status
from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person
from tests.services.playground.pictures import png

API = f"/bot{TOKENS['documents']}"


class Resources(HTMLParser):
    """Everything a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"script": "src", "link": "href", "img": "src"}
        address = dict(attrs).get(names.get(tag, ""))
        if address:
            self.addresses.append(address)


async def _page(http: aiohttp.ClientSession, query: str = "") -> str:
    async with http.get(f"/{query}") as response:
        assert response.status == 200
        return await response.text()


async def test_it_loads_nothing_from_elsewhere(http: aiohttp.ClientSession) -> None:
    resources = Resources()
    resources.feed(await _page(http))
    assert len(resources.addresses) == 11
    for address in resources.addresses:
        assert address.startswith("/page/static/")
        async with http.get(address) as response:
            assert response.status == 200


async def test_it_shows_the_chat_escaped(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says('<img src=x onerror="alert(1)">')
    keyboard = [[{"text": "<b>Go</b> \"'", "callback_data": "<x>"}]]
    answer = {
        "chat_id": 1001,
        "text": "<b>Hi</b> &lt;script&gt;",
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": keyboard},
    }
    await http.post(f"{API}/sendMessage", json=answer)
    await anna.uploads(b"x", '"><script>.txt', caption="<i>no</i>")
    page = await _page(http, "?person=1001&bot=documents")
    assert "&lt;img src=x onerror=" in page
    assert "<b>Hi</b> &lt;script&gt;" in page
    assert "&lt;b&gt;Go&lt;/b&gt;" in page
    assert "<img src=x" not in page
    assert "<script>" not in page.replace("<script src", "")
    assert "<i>no" not in page
    assert not any(token in page for token in TOKENS.values())


async def test_every_person_has_a_window(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("Anna was here")
    bubble = '<div class="text">Anna was here</div>'
    assert bubble in await _page(http, "?person=1001&bot=documents")
    assert bubble not in await _page(http, "?person=1002&bot=documents")
    assert bubble not in await _page(http, "?person=1001&bot=calendar")
    async with http.post("/page/people", data={"first_name": "Clara"}) as response:
        assert response.url.query["person"] == "1003"
        assert "Clara" in await response.text()


async def test_the_page_acts(http: aiohttp.ClientSession, anna: Person) -> None:
    base = "/page/documents/1001"
    assert (await http.post(f"{base}/send", data={"text": "/start"})).status == 204
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    message = {"chat_id": 1001, "text": "Choose", "reply_markup": markup}
    await http.post(f"{API}/sendMessage", json=message)
    press = {"message_id": "2", "index": "0", "label": "Go"}
    assert (await http.post(f"{base}/press", data=press)).status == 204
    async with http.post(f"{base}/press", data={**press, "label": "Gone"}) as response:
        assert "this button is gone" in await response.text()
    form = aiohttp.FormData({"text": "look"})
    form.add_field("document", b"content", filename="file.txt")
    form.add_field("photo", b"", filename="")  # as a browser sends an input left alone
    assert (await http.post(f"{base}/send", data=form)).status == 204
    assert await anna.transcript() == (
        "1 person: /start\n2 bot: Choose\n  [Go]\n3 person: <document: file.txt> look\n"
    )


async def test_documents_are_never_shown_in_place(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    message_id = await anna.uploads(b"<script>alert(1)</script>", "страница.html")
    async with http.get(f"/page/documents/1001/files/{message_id}") as response:
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Security-Policy"] == "sandbox"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_stream_tells_what_changed(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    async with http.get("/page/documents/1001/events?after=1") as stream:
        assert await stream.content.readuntil(b"\n\n") == b": alive\n\n"
        await http.post(f"{API}/sendMessage", json={"chat_id": 1001, "text": "one\ntwo"})
        posted = (await stream.content.readuntil(b"\n\n")).decode()
        assert "event: change" in posted
        assert 'hx-swap-oob="beforeend"' in posted
        assert "data: two" in posted
        edit = {"chat_id": 1001, "message_id": 2, "text": "three"}
        await http.post(f"{API}/editMessageText", json=edit)
        edited = (await stream.content.readuntil(b"\n\n")).decode()
        assert 'id="message-2" hx-swap-oob="true"' in " ".join(edited.split())
        await http.post(f"{API}/deleteMessage", json={"chat_id": 1001, "message_id": 2})
        deleted = (await stream.content.readuntil(b"\n\n")).decode()
        assert '<div id="message-2" hx-swap-oob="delete">' in deleted


async def test_a_window_that_missed_something_gets_everything(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("missed")
    async with http.get("/page/documents/1001/events?after=0") as stream:
        event = (await stream.content.readuntil(b"\n\n")).decode()
    assert 'id="log" hx-swap-oob="innerHTML"' in event
    assert "missed" in event


async def test_typing_is_shown_and_goes_by_itself(
    http: aiohttp.ClientSession, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing_status, "SHOWN_FOR", 0.3)
    await anna.says("/start")
    async with http.get("/page/documents/1001/events?after=1") as stream:
        assert await stream.content.readuntil(b"\n\n") == b": alive\n\n"
        await http.post(f"{API}/sendChatAction", json={"chat_id": 1001, "action": "typing"})
        shown = (await stream.content.readuntil(b"\n\n")).decode()
        assert "typing…" in shown
        gone = (await stream.content.readuntil(b"\n\n")).decode()
        assert 'id="status"' in gone
        assert "typing…" not in gone


async def test_the_stream_tells_what_changed_since_the_page_was_made(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    async with http.get("/page/people/1001/events?shown=stale") as stream:
        event = (await stream.content.readuntil(b"\n\n")).decode()
    assert 'id="bots" hx-swap-oob="innerHTML"' in event
    assert (await http.get("/page/people/4711/events")).status == 404


async def test_reading_and_looking_back(http: aiohttp.ClientSession, anna: Person) -> None:
    base = "/page/documents/1001"
    await anna.says("/start")
    for text in ("one", "two"):
        await http.post(f"{API}/sendMessage", json={"chat_id": 1001, "text": text})
    mark = '<span class="unread" aria-label="2 unread">2</span>'
    assert mark in await _page(http, "?person=1001&bot=calendar")
    assert (await http.post(f"{base}/read", data={"up_to": "2"})).status == 204
    assert mark.replace("2", "1") in await _page(http, "?person=1001&bot=calendar")
    await anna.says("who writes has read")
    assert "unread" not in await _page(http, "?person=1001&bot=calendar")
    async with http.get(f"{base}/messages?before=3") as response:
        earlier = await response.text()
    assert 'id="message-2"' in earlier
    assert 'id="message-3"' not in earlier
    for bad in ("", "-1", "x", "9" * 30):
        assert (await http.get(f"{base}/messages?before={bad}")).status == 400
        assert (await http.post(f"{base}/read", data={"up_to": bad})).status == 400


async def test_everything_a_message_can_show_has_its_place(
    http: aiohttp.ClientSession, bot: telegram.Bot, anna: Person
) -> None:
    await anna.says("/start")
    sent = [
        await bot.send_voice(1001, b"voice", duration=61),
        await bot.send_video(1001, b"video"),
        await bot.send_sticker(1001, png(8, 8)),
        await bot.send_location(1001, 55.75, 37.62),
        await bot.forward_message(1001, 1001, 1),
    ]
    page = await _page(http, "?person=1001&bot=documents")
    for fragment in (
        'aria-label="Voice message, 1:01"></audio>',
        'aria-label="Video"></video>',
        'alt="Sticker"',
        "55.75000, 37.62000",
        "Forwarded from <strong>Anna</strong>",
    ):
        assert fragment in page
    async with http.get(f"/page/documents/1001/files/{sent[1].message_id}") as response:
        assert response.headers["Content-Type"] == "video/mp4"
    part = {"Range": "bytes=1-2"}  # as a browser asks for when somebody jumps in a video
    async with http.get(
        f"/page/documents/1001/files/{sent[1].message_id}", headers=part
    ) as response:
        assert (response.status, await response.read()) == (206, b"id")
