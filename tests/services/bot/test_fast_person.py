"""Who sends much at once holds up nobody, with the limits that are there by default."""

import asyncio
import math
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple

import pytest
import pytest_asyncio
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from bus.connection import connect
from bus.topology import PARTITIONS
from services.bot.flood import Flood
from services.settings import OperatorSettings, read_settings
from telegram_api.limits import CHAT_BURST
from tests.bus.waiting import eventually
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Talker, newcomer
from tests.services.bot.test_handed_over import waiting

AT_ONCE = 100
QUEUE = 20
SENT_WITHIN = 120.0
SLOW_DOWN = "Please slow down"


class Neighbours(NamedTuple):
    """Two people whose updates fall into one partition; none is handled yet."""

    hasty: Talker
    patient: Talker
    updates: JetStreamContext


@pytest_asyncio.fixture(loop_scope="session")
async def neighbours(behind: Backstage) -> AsyncIterator[Neighbours]:
    """People whose updates wait, which shows where they fall: of so many, two are neighbours."""
    settings = read_settings(OperatorSettings)
    people = [await newcomer(behind) for _ in range(PARTITIONS + 1)]
    await behind.services.start("gateway")
    try:
        async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
            for talker in people:
                await talker.person.says("/start")
            by_partition = defaultdict(list)
            for talker in people:
                by_partition[await partition_of(link.jetstream, talker)].append(talker)
            hasty, patient, *_ = next(found for found in by_partition.values() if len(found) > 1)
            yield Neighbours(hasty, patient, link.jetstream)
            # Nobody else's notifier has to tell what is left.
            await link.jetstream.purge_stream("NOTICES")
    finally:
        await behind.services.stop("gateway")


async def subjects(updates: JetStreamContext, talker: Talker) -> dict[str, int]:
    """Return the subjects of a person's updates, with how many wait."""
    chat = f"update.*.documents.{talker.person.id}"
    return (await updates.stream_info("UPDATES", subjects_filter=chat)).state.subjects or {}


async def partition_of(updates: JetStreamContext, talker: Talker) -> str:
    """Return the partition in which a person's update waits, once it does."""
    (subject,) = await eventually(lambda: subjects(updates, talker), within=SENT_WITHIN)
    return subject.split(".")[1]


async def say(neighbours: Neighbours, texts: Sequence[str]) -> float:
    """Have all this said before the other says /help; returns within how many seconds it came."""
    hasty, patient, updates = neighbours
    await asyncio.gather(*(hasty.person.says(text) for text in texts))

    async def wait(talker: Talker, count: int) -> bool:
        return sum((await subjects(updates, talker)).values()) == count

    await eventually(lambda: wait(hasty, len(texts) + 1), within=SENT_WITHIN)
    await patient.person.says("/help")
    await eventually(lambda: wait(patient, 2), within=SENT_WITHIN)
    (subject,) = await subjects(updates, hasty)
    first = await updates.get_msg("UPDATES", seq=1, next=True, subject=subject, direct=True)
    last = await updates.get_msg("UPDATES", subject=subject, direct=True)
    return (arrival(last) - arrival(first)).total_seconds()


def arrival(message: RawStreamMsg) -> datetime:
    """Return when the stream took a message."""
    assert message.time
    return message.time


async def is_helped(talker: Talker) -> None:
    """Run the bot alone until a person has the answer to /help."""
    await talker.backstage.services.start("bot")
    try:
        await eventually(lambda: shows(talker, "/documents"), within=60.0)
    finally:
        await talker.backstage.services.stop("bot")


async def shows(talker: Talker, words: str) -> bool:
    return any(words in shown.text for shown in await talker.shown())


async def test_what_is_sent_at_once_is_refused_however_slowly_it_is_handled(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FLOOD_BURST", "CHAT_BURST"):
        monkeypatch.delenv(name)
    seconds = await say(neighbours, ["hello"] * AT_ONCE)
    await is_helped(neighbours.patient)
    shown = [message.text for message in await neighbours.hasty.shown()]
    handed_over = await waiting(neighbours.hasty)
    told = shown + [notice.screen.text for notice in handed_over if notice.screen]
    # By now all that came before /help is handled; nobody is there to tell what was handed over.
    most = Flood().burst + math.ceil(seconds * Flood().per_second)
    assert Flood().burst <= len(told) - 1 <= most
    assert sum(SLOW_DOWN in text for text in told) == 1


async def test_a_queue_of_answers_to_one_chat_holds_up_no_other(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHAT_BURST")
    await say(neighbours, ["hello"] * QUEUE)
    await is_helped(neighbours.patient)
    direct, handed_over = await neighbours.hasty.shown(), await waiting(neighbours.hasty)
    assert len(direct) >= CHAT_BURST
    assert len(direct) + len(handed_over) == QUEUE + 1
    assert handed_over
