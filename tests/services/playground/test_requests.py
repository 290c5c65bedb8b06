"""The Bot API as plain HTTP: ways to send parameters, and refusals in Telegram's envelope."""

import aiohttp
import pytest

from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

API = f"/bot{TOKENS['documents']}"


@pytest.mark.parametrize("form", ["query", "json", "get with a body"])
async def test_other_ways_to_send_parameters(
    http: aiohttp.ClientSession, anna: Person, form: str
) -> None:
    await anna.says("/start")
    parameters = {"chat_id": str(anna.id), "text": "Привет"}
    if form == "query":
        response = await http.get(f"{API}/SENDMESSAGE", params=parameters)
    elif form == "json":
        response = await http.post(f"{API}/sendMessage", json={**parameters, "entities": None})
    else:
        response = await http.get(f"{API}/sendMessage", data=parameters)
    assert (await response.json())["result"]["text"] == "Привет"


@pytest.mark.parametrize(
    ("method", "parameters", "code", "description"),
    [
        ("sendSomething", {}, 404, "Not Found: method not found"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": "1001"}, 400, "Bad Request: message text is empty"),
        (
            "sendMessage",
            {"chat_id": "1001", "text": "x", "reply_markup": "{"},
            400,
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": "1001", "text": "x", "reply_markup": '{"inline_keyboard": [[{}]]}'},
            400,
            "Bad Request: can't parse inline keyboard button: text: Field required",
        ),
        ("sendMediaGroup", {"chat_id": "1001", "media": "[]"}, 400, "Bad Request: there are no"),
        ("deleteMessages", {"chat_id": "1001"}, 400, "Bad Request: message identifiers are not"),
        (
            "editMessageText",
            {"chat_id": "1001", "text": "x", "reply_markup": '{"keyboard": [["Add"]]}'},
            400,
            "Bad Request: inline keyboard expected",
        ),
        ("sendPhoto", {"chat_id": "1001"}, 400, "Bad Request: there is no photo in the request"),
        ("banChatMember", {}, 501, "Not Implemented: method banChatMember is not served"),
    ],
)
async def test_refusals_come_in_the_envelope(
    http: aiohttp.ClientSession,
    method: str,
    parameters: dict[str, str],
    code: int,
    description: str,
) -> None:
    async with http.post(f"{API}/{method}", data=parameters) as response:
        answer = await response.json()
        assert response.status == code
    assert answer["ok"] is False
    assert answer["error_code"] == code
    assert answer["description"].startswith(description)
