"""What survives a restart, and how fast the playground stops."""

import asyncio
import sqlite3
import sys
import time
from contextlib import closing

import aiohttp

from services.playground import PlaygroundSettings, playground
from services.playground.database import ADDED_COLUMNS
from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

API = f"/bot{TOKENS['documents']}"


async def test_everything_but_faults_survives(settings: PlaygroundSettings) -> None:
    async with playground(settings) as first, aiohttp.ClientSession(first.url) as http:
        anna = Person(http, "documents")
        await anna.says("/start")
        file_message = await anna.uploads(b"content", "file.txt")
        await http.post("/sim/people", json={"first_name": "Clara"})
        commands = [{"command": "start", "description": "Begin"}]
        await http.post(f"{API}/setMyCommands", json={"commands": commands})
        markup = {"keyboard": [["Add"]]}
        await http.post(
            f"{API}/sendMessage", json={"chat_id": 1001, "text": "Hi", "reply_markup": markup}
        )
        async with http.get(f"{API}/getUpdates") as response:
            updates = (await response.json())["result"]
        await http.get(f"{API}/getUpdates", params={"offset": updates[1]["update_id"]})
        before = await anna.chat()

    async with playground(settings) as second, aiohttp.ClientSession(second.url) as http:
        anna = Person(http, "documents")
        assert await anna.chat() == before
        assert await anna.file(file_message) == b"content"
        await anna.says("again")
        async with http.get(f"{API}/getUpdates") as response:
            remaining = (await response.json())["result"]
        assert [u["update_id"] for u in remaining] == [
            updates[1]["update_id"],
            updates[1]["update_id"] + 1,
        ]
        async with http.get(f"{API}/getMyCommands") as response:
            assert (await response.json())["result"] == commands
        async with http.get("/sim/people") as response:
            assert len((await response.json())["people"]) == 3


async def test_data_of_an_earlier_version_is_taken_over(settings: PlaygroundSettings) -> None:
    async with playground(settings) as first, aiohttp.ClientSession(first.url) as http:
        file_message = await Person(http, "documents").uploads(b"content", "file.txt")
    with closing(sqlite3.connect(settings.directory / "playground.sqlite3")) as database:
        for table, column, _ in ADDED_COLUMNS:
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.commit()
    async with playground(settings) as second, aiohttp.ClientSession(second.url) as http:
        anna = Person(http, "documents")
        assert await anna.file(file_message) == b"content"
        assert len(await anna.uploads_album([("1.txt", b"1"), ("2.txt", b"2")])) == 2


async def test_a_webhook_is_served_again(settings: PlaygroundSettings) -> None:
    async with playground(settings) as first, aiohttp.ClientSession(first.url) as http:
        await http.post(
            f"{API}/setWebhook", json={"url": "http://127.0.0.1:9/", "max_connections": 3}
        )
    async with playground(settings) as second, aiohttp.ClientSession(second.url) as http:
        async with http.get(f"{API}/getWebhookInfo") as response:
            info = (await response.json())["result"]
        assert (info["url"], info["max_connections"]) == ("http://127.0.0.1:9/", 3)


async def test_nothing_acknowledged_is_lost_when_killed(settings: PlaygroundSettings) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.services.playground.separate_process", str(settings.directory)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
        async with aiohttp.ClientSession(url) as http:
            anna = Person(http, "documents")
            for number in range(20):
                await anna.says(f"message {number}")
            uploaded = await anna.uploads(bytes(100_000), "zeros.bin")
    finally:
        process.kill()
        await process.wait()
    async with playground(settings) as again, aiohttp.ClientSession(again.url) as http:
        anna = Person(http, "documents")
        assert len((await anna.chat())["messages"]) == 21
        assert await anna.file(uploaded) == bytes(100_000)
        async with http.get(f"{API}/getUpdates") as response:
            assert len((await response.json())["result"]) == 21


async def test_stopping_does_not_wait_for_held_requests(settings: PlaygroundSettings) -> None:
    async with aiohttp.ClientSession() as http:
        async with playground(settings) as running:
            held = [
                asyncio.create_task(http.get(f"{running.url}{path}"))
                for path in (
                    f"{API}/getUpdates?timeout=50",
                    "/sim/chats/documents/1001?after=99&timeout=50",
                )
            ]
            stream = await http.get(f"{running.url}/page/documents/1001/events?after=0")
            assert await stream.content.readline() == b": alive\n"
            await _until_held(http, running.url)
            started = time.monotonic()
        assert time.monotonic() - started < 20  # they are held for 50 s
        for response in await asyncio.gather(*held):
            assert response.status == 200
            response.release()
        stream.close()


async def _until_held(http: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(60):
        while True:
            async with http.get(f"{url}/sim/bots") as response:
                bots = (await response.json())["bots"]
            if any(bot["polling"] for bot in bots):
                return
