"""A chat is told in order, whoever tells it and whatever goes wrong, and holds up no other."""

import pytest
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from bus.topology import ACK_WAIT
from contracts.documents import TypeAdded
from contracts.screens import Screen
from telegram_api import show
from telegram_api.limits import RateLimits
from tests.bus.waiting import eventually
from tests.services.notifier.stage import Stage
from tests.telegram_api.peer import ANNA, bots_of

UNDER_WAY = 30
"""Calls that copies may have begun when another one asks for its turn."""


@pytest.mark.parametrize("fault", [{}, {"retry_after": 1}, {"code": 502}, {"delay": 1}])
async def test_several_copies_tell_a_chat_in_order(stage: Stage, fault: dict[str, int]) -> None:
    texts = [f"Number {number}" for number in range(8)]
    if fault:
        await stage.peer.fails(method="sendMessage", **fault)
    async with stage.copies(3):
        for text in texts:
            await stage.tell(text)
        await stage.all_told()
    assert await stage.sent() == texts


async def test_a_copy_that_stops_passes_its_place_on(stage: Stage) -> None:
    texts = [f"Number {number}" for number in range(4)]
    await stage.peer.fails(method="sendMessage", retry_after=4)
    async with stage.copies(1):
        for text in texts:
            await stage.tell(text)
        await eventually(lambda: stage.peer.calls("sendMessage"))
    async with stage.copies(2):
        await stage.all_told(within=120)
    assert await stage.sent() == texts


async def test_what_a_copy_died_over_is_not_overtaken(stage: Stage) -> None:
    await stage.tell("First")
    dying = await stage.bench.link("notifier")
    consumer = await dying.jetstream.pull_subscribe_bind(
        consumer="notifier-documents", stream="NOTICES"
    )
    # A copy that has it in hand, and never says a word again: it is delivered anew much later.
    assert len(await consumer.fetch(1, timeout=60)) == 1
    await stage.tell("Second")
    async with stage.copies(2):
        await stage.all_told(within=4 * ACK_WAIT)
    assert await stage.sent() == ["First", "Second"]


async def test_answers_come_first_then_reminders_then_bulk(stage: Stage) -> None:
    await stage.tell("Bulk", urgency="bulk")
    await stage.tell("Reminder", urgency="reminder")
    await stage.tell("Answer")
    outcome = TypeAdded(person_id=ANNA, type_id=1, name="Visa", emoji="🛂")
    await stage.publish(outcome, f"late.documents.type_added.documents.{ANNA}")
    async with stage.copies(2):
        await stage.all_told()
    sent = await stage.sent()
    assert sent[2:] == ["Reminder", "Bulk"]
    assert "Answer" in sent[:2]


async def test_late_outcomes_of_a_chat_keep_their_order(stage: Stage) -> None:
    names = [f"Type {number}" for number in range(5)]
    async with stage.copies(2):
        for name in names:
            outcome = TypeAdded(person_id=ANNA, type_id=1, name=name, emoji="🛂")
            subject = f"late.documents.type_added.documents.{ANNA}"
            await stage.publish(outcome, subject)
        await stage.all_told()
    sent = await stage.sent()
    assert [name for text in sent for name in names if name in text] == names


async def test_a_held_chat_holds_up_no_other(stage: Stage) -> None:
    boris = await stage.meet("Boris")
    await stage.peer.fails(method="sendMessage", chat=ANNA, retry_after=60)
    async with stage.copies(1):
        for number in range(3):
            await stage.tell(f"Number {number}")
        await eventually(lambda: stage.peer.calls("sendMessage"))
        for number in range(3):
            await stage.tell(f"Number {number}", boris)
        await eventually(lambda: _has(stage, boris, 3))
        await eventually(lambda: _are_left(stage, 3))
        assert await stage.sent() == []
        assert await stage.bench.count("DEAD") == 0


async def test_an_answer_overtakes_500_that_many_are_told(
    stage: Stage, environment: dict[str, str]
) -> None:
    people = [await stage.meet(f"Person {number}") for number in range(200)]
    for number in range(500):
        await stage.tell("News", people[number % len(people)], urgency="bulk")
    redis = Redis.from_url(environment["BOT_REDIS_URL"])
    async with stage.copies(2), redis, bots_of(stage.peer.url) as bots:
        bots.keep_to(RateLimits(redis, CollectorRegistry()))
        await eventually(lambda: stage.sent(people[0]))
        before = len(await _taken(stage))
        await show.send(bots["documents"], ANNA, Screen(text="Answer"))
        left = await stage.bench.count("NOTICES")
        await eventually(lambda: _is_longer(stage, before + 2 * UNDER_WAY))
    # What was under way when it was asked for may come before it, no more.
    assert (await _taken(stage)).index("Answer") - before <= UNDER_WAY
    assert left > 100


async def _taken(stage: Stage) -> list[str]:
    """Return the texts that Telegram took, to all chats."""
    calls = await stage.peer.calls("sendMessage")
    return [call["parameters"]["text"] for call in calls if call["answer"]["ok"]]


async def _is_longer(stage: Stage, than: int) -> bool:
    return len(await _taken(stage)) > than


async def _are_left(stage: Stage, notices: int) -> bool:
    return await stage.bench.count("NOTICES") == notices


async def _has(stage: Stage, chat_id: int, messages: int) -> bool:
    return len(await stage.sent(chat_id)) == messages
