"""How fast a mailing goes out, how steadily, and what it costs those who press meanwhile.

Run it anywhere, it starts its own servers:

    .venv/bin/python -m benchmarks.broadcast --people 10000 --per-second 30
    .venv/bin/python -m benchmarks.broadcast --people 10000 --per-second 0

The Bot API is `benchmarks/bot_api.py`, which refuses more than `--per-second` messages of a bot, or
nothing with 0. Storage and notifier are processes of their own. Presses are `/help` to the bot that
the mailing goes out by, before it and during it in the same run.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import asyncpg
import click
import psutil
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from benchmarks.bot_api import BotApi, Call, bot_api, most_in_a_second, read_calls
from benchmarks.installation import SILENT, prepared, running
from bus import Actor, Envelope
from bus.caller import Bus, Wire
from bus.connection import connect
from bus.outcomes import outcomes
from bus.publisher import Publisher
from contracts.broadcasts import Audience, Content, MailingStarted, RequestMailing, Timing
from tests.switchboard.probes import plain_url

APP = "documents"
AUTHOR, PRESSER, FIRST = 1, 2, 10_001
"""Telegram's ids of people; recipients are numbered from `FIRST`."""
QUIET_PRESSES = 40
BETWEEN_PRESSES = 1.2
"""Seconds: a chat takes one message a second."""
ANSWERED_WITHIN = 30.0
LOOKED_EVERY = 0.02
MEMORY_EVERY = 1.0
SLOWEST = 20.0
"""Recipients a second below which it is given up."""


@dataclass
class Watched:
    """What is seen of a mailing while it goes out."""

    memory: list[float] = field(default_factory=list)
    """MiB of the notifier, a figure a second."""
    presses: list[float] = field(default_factory=list)
    """Milliseconds."""


@dataclass
class Stage:
    """What runs, and how to press a button in it."""

    api: BotApi
    http: aiohttp.ClientSession
    settings: Mapping[str, str]
    notifier: psutil.Process

    @property
    def bot_id(self) -> int:
        """Telegram's id of the bot that the mailing goes out by."""
        return int(json.loads(self.settings["BOT_TOKENS"])[APP].partition(":")[0])

    async def press(self) -> float:
        """Ask for help; return the milliseconds until the Bot API has the answer."""
        began, seen = time.time(), self.api.record.stat().st_size
        message = {
            "message_id": int(began * 1000) % 2**31,
            "date": int(began),
            "chat": {"id": PRESSER, "type": "private", "first_name": "Presser"},
            "from": {"id": PRESSER, "is_bot": False, "first_name": "Presser"},
            "text": "/help",
        }
        async with self.http.post(f"/updates/{self.bot_id}", json={"message": message}) as taken:
            taken.raise_for_status()
        async with asyncio.timeout(ANSWERED_WITHIN):
            while True:
                for call in _calls_after(self.api.record, seen):
                    if call.chat == PRESSER and call.method == "sendMessage" and call.code == 200:
                        return (call.at - began) * 1000
                await asyncio.sleep(LOOKED_EVERY)


@click.command()
@click.option("--people", default=10_000, show_default=True)
@click.option("--per-second", default=30, show_default=True, help="0: a server without limits.")
def main(people: int, per_second: int) -> None:
    """Send one mailing and say how it went."""
    with tempfile.TemporaryDirectory(prefix="switchboard-benchmark-") as directory:
        asyncio.run(_measure(Path(directory), people, per_second))


async def _measure(directory: Path, people: int, per_second: int) -> None:
    async with _staged(directory, per_second) as stage:
        await _seed(stage.settings, people)
        quiet = [await _rested(stage) for _ in range(QUIET_PRESSES)]
        watched = Watched()
        watching = [
            asyncio.create_task(_watch_memory(stage.notifier, watched)),
            asyncio.create_task(_keep_pressing(stage, watched)),
        ]
        try:
            await _send(stage.settings, people)
            calls = await _all_sent(stage, people)
        finally:
            for task in watching:
                task.cancel()
        _report(people, per_second, stage, calls)
        _say_presses(quiet, watched)


@asynccontextmanager
async def _staged(directory: Path, per_second: int) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(
            bot_api(directory / "calls.jsonl", "--per-second", str(per_second))
        )
        common = await stack.enter_async_context(prepared(directory))
        settings = {**common, **SILENT, "TELEGRAM_API_URL": api.url, "ADMINS": str(AUTHOR)}
        if not per_second:
            settings["TELEGRAM_LIMITS"] = "0"
        for names in (["storage"], ["query", "bot", "gateway"]):
            await stack.enter_async_context(running(names, settings, directory))
        notifier = await stack.enter_async_context(running(["notifier"], settings, directory))
        http = await stack.enter_async_context(aiohttp.ClientSession(api.url))
        yield Stage(api, http, settings, notifier)


async def _seed(settings: Mapping[str, str], people: int) -> None:
    """Have everybody known to the mailings, as if each had written to the bot once."""
    db = await asyncpg.connect(plain_url(settings["MIGRATION_DATABASE_URL"]))
    try:
        numbers = f"generate_series({FIRST}, {FIRST + people - 1}) AS person_id"
        await db.execute(
            "INSERT INTO broadcast_readers (person_id, language, time_zone)"  # noqa: S608 # numbers
            f" SELECT person_id, 'en', 'UTC' FROM {numbers}"
        )
        await db.execute(
            "INSERT INTO broadcast_contacts (person_id, app)"  # noqa: S608 # numbers of ours
            f" SELECT person_id, '{APP}' FROM {numbers}"
        )
        await db.execute(
            "INSERT INTO broadcast_senders (person_id, admin) VALUES ($1, true)", AUTHOR
        )
        await db.execute("ANALYZE")
    finally:
        await db.close()


async def _send(settings: Mapping[str, str], people: int) -> None:
    """Request the mailing as any program would."""
    seed = SecretStr(settings["NATS_SEED_OPERATOR"])
    async with (
        connect(settings["NATS_URL"], "operator", seed) as link,
        outcomes(link) as waiting,
    ):
        actor = Actor(person=AUTHOR, app="broadcasts")
        cause = Envelope(message_id=f"benchmark-{time.time_ns()}", actor=actor, chat=AUTHOR)
        mailing = RequestMailing(
            content=Content(text="<b>News</b> for you: what was slow is fast."),
            audience=Audience(apps=(APP,), category="news"),
            timing=Timing(respect_quiet_hours=False),
        )
        outcome = await Bus(Wire(Publisher(link, NoOpTracer()), waiting), cause).execute(mailing)
    if not isinstance(outcome, MailingStarted) or outcome.people < people:
        raise RuntimeError(f"not started: {outcome}")


async def _all_sent(stage: Stage, people: int) -> list[Call]:
    """Wait until everybody has been written to; return the calls that were about them."""
    async with asyncio.timeout(60 + people / SLOWEST):
        while True:
            calls = [call for call in stage.api.calls() if call.chat >= FIRST]
            if sum(call.code == 200 for call in calls) >= people:
                return calls
            await asyncio.sleep(1)


async def _rested(stage: Stage) -> float:
    took = await stage.press()
    await asyncio.sleep(BETWEEN_PRESSES)
    return took


async def _keep_pressing(stage: Stage, watched: Watched) -> None:
    while True:
        watched.presses.append(await _rested(stage))


async def _watch_memory(process: psutil.Process, watched: Watched) -> None:
    while True:
        watched.memory.append(process.memory_info().rss / 1024**2)
        await asyncio.sleep(MEMORY_EVERY)


def _calls_after(record: Path, position: int) -> list[Call]:
    with record.open() as file:
        file.seek(position)
        return [Call(*json.loads(line)) for line in file if line.endswith("]\n")]


def _report(people: int, per_second: int, stage: Stage, calls: list[Call]) -> None:
    sent = sorted(call.at for call in calls if call.code == 200)
    rate = (len(sent) - 1) / (sent[-1] - sent[0])
    all_of_bot = [c for c in read_calls(stage.api.record) if c.bot == stage.bot_id]
    counted = [call for call in all_of_bot if call.method.startswith(("send", "edit"))]
    told = Counter(call.chat for call in calls if call.code == 200)
    click.echo(f"{people} people, limit {per_second or 'none'}: {rate:.1f} a second")
    if per_second:
        click.echo(f"of the limit: {100 * rate / per_second:.1f} %")
    click.echo(f"most in a second of this bot, presses included: {most_in_a_second(counted)}")
    click.echo(f"429 answers: {sum(call.code == 429 for call in all_of_bot)}")
    click.echo(f"told twice: {sum(n > 1 for n in told.values())}, never: {people - len(told)}")


def _say_presses(quiet: list[float], watched: Watched) -> None:
    before, during = statistics.median(quiet), statistics.median(watched.presses)
    click.echo(
        f"a press: quiet median {before:.0f} ms, during {during:.0f} ms"
        f" ({during / before:.2f} times, of {len(watched.presses)})"
    )
    settled = watched.memory[len(watched.memory) // 10 :]
    click.echo(
        f"notifier: {settled[0]:.0f} MiB after a tenth, {max(settled):.0f} at most,"
        f" {settled[-1]:.0f} at the end"
    )


if __name__ == "__main__":
    main()
