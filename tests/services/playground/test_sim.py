"""The /sim interface itself: what it answers, and what it refuses."""

import time
from typing import Any

import aiohttp
import pytest

from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

API = f"/bot{TOKENS['documents']}"


async def _send(http: aiohttp.ClientSession, **parameters: Any) -> dict[str, Any]:
    async with http.post(f"{API}/sendMessage", json={"chat_id": 1001, **parameters}) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def _json(response: aiohttp.ClientResponse) -> Any:
    async with response:
        return await response.json()


async def test_people(http: aiohttp.ClientSession) -> None:
    people = (await _json(await http.get("/sim/people")))["people"]
    assert [(p["id"], p["first_name"], p["language_code"]) for p in people] == [
        (1001, "Anna", "en"),
        (1002, "Борис", "ru"),
    ]
    new = {"first_name": "Clara", "language_code": "de"}
    added = await _json(await http.post("/sim/people", json=new))
    assert added["id"] == 1003
    assert await Person(http, "documents", 1003).says("Hallo") == 1


async def test_formatted_forwarded_contact_and_location(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    for action, body in (
        ("say", {"text": "<b>now</b> &amp; here", "html": True}),
        ("forward", {"text": "hello", "person": 1002}),
        ("contact", {"person": 1002}),
        ("location", {"latitude": 55.75, "longitude": 37.61}),
    ):
        assert "message_id" in await _json(await http.post(f"{anna.path}/{action}", json=body))
    async with http.get(f"{API}/getUpdates") as response:
        updates = [update["message"] for update in (await response.json())["result"]]
    assert updates[0]["text"] == "now & here"
    assert updates[0]["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert updates[1]["forward_origin"]["sender_user"]["id"] == 1002
    assert updates[2]["contact"]["user_id"] == 1002
    assert updates[3]["location"] == {"latitude": 55.75, "longitude": 37.61}
    assert (await anna.transcript()).splitlines()[1:] == [
        "2 person (forwarded): hello",
        "3 person: <contact: Борис>",
        "4 person: <location: 55.75 37.61>",
    ]
    unknown = await http.post(f"{anna.path}/contact", json={"person": 7})
    assert (await _json(unknown))["error"] == "there is no person 7"


async def test_bots(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    bots = (await _json(await http.get("/sim/bots")))["bots"]
    assert [(b["app"], b["username"], b["pending_updates"]) for b in bots] == [
        ("documents", "documents_bot", 1),
        ("calendar", "calendar_bot", 0),
    ]


async def test_transcript(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    keyboard = [[{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "http://x.org"}]]
    await _send(http, text="Sure?", reply_markup={"inline_keyboard": keyboard})
    await _send(http, text="Menu", reply_markup={"keyboard": [["Add"], ["List"]]})
    assert (await anna.transcript()).splitlines() == [
        "1 person: /start",
        "2 bot: Sure?",
        "  [Yes] [Site]",
        "3 bot: Menu",
        "keyboard:",
        "  [Add]",
        "  [List]",
    ]
    assert (await anna.presses("Site"))["url"] == "http://x.org"


async def test_the_newest_button_of_a_name_is_pressed(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    for data in ("old", "new"):
        markup = {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}
        await _send(http, text=data, reply_markup=markup)
    await anna.presses("Go")
    await anna.presses("Go", message_id=2)
    updates = (await _json(await http.get(f"{API}/getUpdates")))["result"]
    assert [u["callback_query"]["data"] for u in updates[1:]] == ["new", "old"]


async def test_waiting_for_a_change(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    revision = (await anna.chat())["revision"]
    started = time.monotonic()
    assert (await anna.chat(after=revision, timeout=0.3))["revision"] == revision
    assert time.monotonic() - started < 8  # without a time given it takes 10 s
    await _send(http, text="news")
    assert (await anna.chat(after=revision))["revision"] > revision


@pytest.mark.parametrize(
    ("path", "body", "status", "problem"),
    [
        ("/sim/chats/nobot/1001/say", {"text": "x"}, 404, "there is no bot nobot"),
        ("/sim/chats/documents/9/say", {"text": "x"}, 404, "there is no person 9"),
        ("/sim/chats/documents/1001/say", {"text": " "}, 409, "1 to 4096 characters"),
        ("/sim/chats/documents/1001/say", {"txt": "x"}, 422, "text: Field required"),
        ("/sim/chats/documents/1001/press", {"button": "x"}, 409, "there is no button 'x'"),
        ("/sim/chats/documents/1001/upload", {}, 400, "send a part named file"),
        ("/sim/people", {"first_name": ""}, 422, "first_name: "),
        ("/sim/faults", {"methot": "x"}, 422, "methot: Extra inputs"),
        ("/sim/lost-files", {"file_id": "x"}, 404, "no such file_id"),
    ],
)
async def test_refusals(
    http: aiohttp.ClientSession, path: str, body: dict[str, str], status: int, problem: str
) -> None:
    async with http.post(path, json=body) as response:
        assert response.status == status
        assert problem in (await response.json())["error"]


async def test_a_failed_press_begins_no_chat(http: aiohttp.ClientSession, anna: Person) -> None:
    async with http.post(f"{anna.path}/press", json={"button": "Go"}) as response:
        assert response.status == 409
    assert (await _send(http, text="x"))["description"] == "Bad Request: chat not found"


async def test_a_blocked_bot_hears_nothing(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    await anna.blocks()
    async with http.post(f"{anna.path}/say", json={"text": "x"}) as response:
        assert "has blocked this bot" in (await response.json())["error"]


async def test_faults_pass(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    await anna.orders_fault({"method": "sendMessage", "code": 502, "times": 2, "chat": anna.id})
    await anna.orders_fault({"method": "sendMessage", "bot": "calendar", "code": 400})
    codes = [(await _send(http, text="x")).get("error_code") for _ in range(3)]
    assert codes == [502, 502, None]
    assert len((await _json(await http.get("/sim/faults")))["faults"]) == 1
    assert (await _json(await http.delete("/sim/faults")))["faults"] == []


async def test_outbox(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("/start")
    await _send(http, text="one")
    await _json(await http.get(f"{API}/getMe"))
    everything = await _json(await http.get("/sim/outbox"))
    assert [call["method"] for call in everything["calls"]] == ["sendMessage", "getMe"]
    (call,) = (await _json(await http.get("/sim/outbox?method=sendmessage")))["calls"]
    assert call["parameters"] == {"chat_id": 1001, "text": "one"}
    assert call["answer"]["result"]["text"] == "one"
    assert not any(token in str(everything) for token in TOKENS.values())


async def test_a_fault_may_hit_a_download(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.uploads(b"content", "file.txt")
    (update,) = (await _json(await http.get(f"{API}/getUpdates")))["result"]
    file_id = update["message"]["document"]["file_id"]
    path = (await _json(await http.get(f"{API}/getFile?file_id={file_id}")))["result"]["file_path"]
    await anna.orders_fault({"method": "download", "code": 500})
    address = f"/file{API}/{path}"
    assert (await http.get(address)).status == 500
    async with http.get(address) as response:
        assert await response.read() == b"content"
    async with http.get(f"/file/bot{TOKENS['calendar']}/{path}") as response:
        assert response.status == 404, "files of another bot"
