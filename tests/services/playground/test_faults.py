"""Faults that come after the call was carried out, and updates that come twice or out of order."""

from typing import Any

import aiohttp
import pytest

from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

API = f"/bot{TOKENS['documents']}"


async def _updates(http: aiohttp.ClientSession, offset: int = 0) -> list[dict[str, Any]]:
    async with http.get(f"{API}/getUpdates", params={"offset": str(offset)}) as response:
        updates: list[dict[str, Any]] = (await response.json())["result"]
        return updates


def _texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_a_withheld_answer_is_that_of_a_call_that_was_carried_out(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    await anna.says("/start")
    await anna.orders_fault({"method": "sendMessage", "withhold": 30})
    call = http.post(
        f"{API}/sendMessage",
        json={"chat_id": anna.id, "text": "Hello"},
        timeout=aiohttp.ClientTimeout(total=2),
    )
    with pytest.raises(TimeoutError):
        await call
    await anna.sees("Hello")
    await anna.orders_fault({"method": "sendMessage", "withhold": 0.01})
    with pytest.raises(aiohttp.ClientError):
        await http.post(f"{API}/sendMessage", json={"chat_id": anna.id, "text": "Again"})
    await anna.sees("Again")


async def test_updates_that_were_confirmed_come_once_more(
    http: aiohttp.ClientSession, anna: Person
) -> None:
    for text in ("one", "two"):
        await anna.says(text)
    last = (await _updates(http))[-1]["update_id"]
    await anna.says("three")
    await anna.orders_fault({"method": "getUpdates", "repeat": 1})
    assert _texts(await _updates(http, last + 1)) == ["two", "three"]
    assert _texts(await _updates(http, last + 1)) == ["three"]


async def test_updates_come_in_another_order(http: aiohttp.ClientSession, anna: Person) -> None:
    texts = [f"number {number}" for number in range(10)]
    for text in texts:
        await anna.says(text)
    await anna.orders_fault({"method": "getUpdates", "shuffle": 1, "times": 2})
    shuffled = _texts(await _updates(http))
    assert shuffled != texts
    assert sorted(shuffled) == texts
    assert _texts(await _updates(http)) == shuffled, "the number says which order"
    assert _texts(await _updates(http)) == texts


async def test_only_what_has_changed_is_read(http: aiohttp.ClientSession, anna: Person) -> None:
    await anna.says("one")
    revision = (await anna.chat())["revision"]
    await anna.says("two")
    query = {"after": str(revision), "only": "changes"}
    async with http.get(anna.path, params=query) as response:
        chat = await response.json()
    assert [message["text"] for message in chat["messages"]] == ["two"]
    assert chat["revision"] > revision
