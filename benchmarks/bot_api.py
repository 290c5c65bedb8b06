"""A Bot API server to measure against: light, with Telegram's limits or without them.

    python -m benchmarks.bot_api --port 8081 --per-second 30 --chat-burst 10 --record calls.jsonl

It answers every method with the least that a bot needs, and with 429 whoever sends faster: a
sliding window of a second for each bot, one message a second after a burst for each chat, twenty in
any minute for a group. Every call is a line of the record: when it came, bot, chat, method,
message, code. `POST /updates/<bot id>` gives a bot an update, as a person would cause it.
"""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import click
from aiohttp import web

from benchmarks.sending_windows import Windows

STOPS_WITHIN = 10.0
_SENDS = ("send", "copy", "forward")
_COUNTED = ("edit", *_SENDS)


class Call(NamedTuple):
    """One call as it was recorded."""

    at: float
    """Seconds since the epoch."""
    bot: int
    chat: int
    method: str
    message_id: int
    code: int


@dataclass(slots=True)
class Server:
    """What is known of bots and chats, in memory; the record is on disk."""

    windows: Windows
    record: int
    """A file descriptor: each line is written at once, and stays when the process is killed."""
    blocked_every: int = 0
    last_message: int = int(time.time()) % 1_000_000 * 1000
    updates: dict[int, "asyncio.Queue[Any]"] = field(
        default_factory=lambda: defaultdict(asyncio.Queue)
    )
    last_update: int = 0

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of a method."""
        bot = int(request.match_info["bot"])
        method = request.match_info["method"]
        given = await _parameters(request)
        if method == "getUpdates":
            return await self._poll(bot, given)
        chat = int(given.get("chat_id", 0))
        code, body, message_id = self._answer(bot, chat, method, given)
        line = json.dumps([time.time(), bot, chat, method, message_id, code])
        os.write(self.record, f"{line}\n".encode())
        return _reply(code, body)

    def _answer(
        self, bot: int, chat: int, method: str, given: dict[str, str]
    ) -> tuple[int, Any, int]:
        """Return status, body and the message that it is about, 0 for none."""
        message_id = int(given.get("message_id", 0))
        if method.startswith(_COUNTED) and method != "sendChatAction":
            wait = self.windows.seconds_to_wait(bot, chat, time.monotonic())
            if wait:
                return 429, _too_many(int(wait) + 1), message_id
            if self.blocked_every and chat % self.blocked_every == 0:
                return 403, _failed(403, "Forbidden: bot was blocked by the user"), 0
            if method.startswith(_SENDS):
                self.last_message += 1
                message_id = self.last_message
            return 200, _done(_message(bot, chat, message_id, given)), message_id
        if method == "getMe":
            me = {"id": bot, "is_bot": True, "first_name": "Bot", "username": f"bot{bot}_bot"}
            return 200, _done(me), 0
        return 200, _done(True), message_id

    async def _poll(self, bot: int, given: dict[str, str]) -> web.Response:
        waiting, offset = self.updates[bot], int(given.get("offset", 0))
        found: list[Any] = []
        try:
            async with asyncio.timeout(float(given.get("timeout", 0))):
                while not found:
                    found = [u for u in [await waiting.get()] if u["update_id"] >= offset]
        except TimeoutError:
            pass
        return _reply(200, _done(found))

    async def update(self, request: web.Request) -> web.Response:
        """Give a bot an update; its number is filled in."""
        self.last_update += 1
        update = {**await request.json(), "update_id": self.last_update}
        self.updates[int(request.match_info["bot"])].put_nowait(update)
        return web.json_response({"update_id": self.last_update})


async def _parameters(request: web.Request) -> dict[str, str]:
    if request.content_type == "multipart/form-data":
        return {name: str(value) for name, value in (await request.post()).items()}
    if request.content_type == "application/json":
        return {name: str(value) for name, value in (await request.json()).items()}
    found = parse_qs((await request.read()).decode(), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}


def _message(bot: int, chat: int, message_id: int, given: dict[str, str]) -> dict[str, Any]:
    kind = "private" if chat > 0 else "supergroup"
    return {
        "message_id": message_id,
        "date": int(time.time()),
        "chat": {"id": chat, "type": kind},
        "from": {"id": bot, "is_bot": True, "first_name": "Bot"},
        "text": given.get("text", ""),
    }


def _done(result: Any) -> dict[str, Any]:
    return {"ok": True, "result": result}


def _failed(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


def _too_many(seconds: int) -> dict[str, Any]:
    said = _failed(429, f"Too Many Requests: retry after {seconds}")
    return {**said, "parameters": {"retry_after": seconds}}


def _reply(status: int, body: Any) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


def _application(server: Server) -> web.Application:
    application = web.Application(client_max_size=64 * 1024**2)
    # The token's secret part is anything.
    application.router.add_post(r"/bot{bot:\d+}:{secret}/{method}", server.call)
    application.router.add_post(r"/updates/{bot:\d+}", server.update)
    return application


async def _serve(server: Server, port: int) -> None:
    runner = web.AppRunner(_application(server), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    _, chosen = runner.addresses[0][:2]
    click.echo(f"http://127.0.0.1:{chosen}")
    sys.stdout.flush()
    await asyncio.Event().wait()


@click.command()
@click.option("--port", default=0, help="0 takes a free one.")
@click.option("--per-second", default=0, help="Messages of a bot; 0 is a server without limits.")
@click.option("--chat-burst", default=10, show_default=True)
@click.option("--blocked-every", default=0, help="Chats divisible by this have blocked the bots.")
@click.option("--record", type=click.Path(path_type=Path), default=Path("calls.jsonl"))
def main(port: int, per_second: int, chat_burst: int, blocked_every: int, record: Path) -> None:
    """Serve until ended; says the address when it listens."""
    file = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = Server(Windows(per_second, chat_burst), file, blocked_every)
    asyncio.run(_serve(server, port))


@dataclass(frozen=True)
class BotApi:
    """A running server of this kind, in a process of its own."""

    url: str
    record: Path
    process: Process

    def calls(self) -> list[Call]:
        """Return what was called so far, oldest first."""
        return list(read_calls(self.record))


@asynccontextmanager
async def bot_api(record: Path, *options: str) -> AsyncIterator[BotApi]:
    """Run one with these options of the command line; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bot_api", "--record", str(record), *options),
        stdout=PIPE,
    )
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        if not url:
            raise RuntimeError(f"the Bot API server ended with {await process.wait()}")
        yield BotApi(url, record, process)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), STOPS_WITHIN)


def read_calls(record: Path) -> Iterator[Call]:
    """Yield what a record holds, whole lines only."""
    for line in record.read_text().splitlines():
        if line.endswith("]"):
            yield Call(*json.loads(line))


def most_in_a_second(calls: list[Call]) -> int:
    """Return how many calls came at most within any second."""
    times, first, most = sorted(call.at for call in calls), 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    main()
