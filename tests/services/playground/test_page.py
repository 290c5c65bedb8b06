"""The chat page as its server sends it; how it looks is for eyes."""

from html.parser import HTMLParser

import aiohttp

from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

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
