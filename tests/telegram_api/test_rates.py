"""Turns: how many there are, for whom, and how a hold is seen by every copy."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from contracts.notices import Urgency
from telegram_api.buckets import ALL_AT_ONCE, LocalBuckets, SharedBuckets
from telegram_api.rates import (
    ALONE,
    BOT,
    GROUP,
    PER_SECOND,
    WINDOW,
    Bucket,
    Rate,
    Turn,
    chat_rate,
)

SLOW = Rate(60.0, 6, {"answer": 6, "reminder": 4, "bulk": 2})
"""So slow that nothing is added while a test runs."""
QUICK = Rate(1e-6, 1000, {"answer": 1000, "reminder": 1000, "bulk": 1000})
"""So quick that the log alone has a say."""

USERS = ("BOT", "NOTIFIER", "FILES")


@pytest_asyncio.fixture(loop_scope="session")
async def copies(environment: dict[str, str]) -> AsyncIterator[list[SharedBuckets]]:
    """A copy of each service that sends, with its own connection and Redis user."""
    clients = [Redis.from_url(environment[f"{user}_REDIS_URL"]) for user in USERS]
    yield [SharedBuckets(client) for client in clients]
    for client in clients:
        await client.aclose()


@pytest.fixture
def bot() -> Bucket:
    """The bucket of a bot that nobody has used."""
    return Bucket(f"rate:{uuid.uuid4().hex}", SLOW)


def chat_of(bot: Bucket, number: int = 1, rate: Rate = SLOW) -> Bucket:
    return Bucket(f"{bot.key}:{number}", rate)


def turn(*buckets: Bucket, cost: int = 1, urgency: Urgency = "answer") -> Turn:
    return Turn(buckets, cost, urgency)


async def taken(copies: list[SharedBuckets], wanted: Turn, times: int = 20) -> int:
    """Return how many of so many calls at once, from all copies, had their turn."""
    waits = await asyncio.gather(
        *(
            copies[number % len(copies)].take(replace(wanted, name=uuid.uuid4().hex))
            for number in range(times)
        )
    )
    return sum(wait.seconds == 0 for wait in waits)


async def wait_for(copy: SharedBuckets, wanted: Turn) -> float:
    """Return how many seconds a call has to wait, 0 when it had its turn."""
    return (await copy.take(wanted)).seconds


async def test_all_copies_together_have_one_burst(copies: list[SharedBuckets], bot: Bucket) -> None:
    assert await taken(copies, turn(bot)) == SLOW.burst
    assert 0 < await wait_for(copies[0], turn(bot)) <= SLOW.interval


async def test_bulk_leaves_room_for_reminders_and_those_for_answers(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    assert await taken(copies, turn(bot, urgency="bulk")) == 2
    assert await taken(copies, turn(bot, urgency="reminder")) == 2
    assert await taken(copies, turn(bot)) == 2


async def test_a_turn_is_taken_in_both_buckets_or_in_none(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    small = chat_of(bot, rate=Rate(60.0, 1, {"answer": 1, "reminder": 1, "bulk": 1}))
    assert await taken(copies, turn(bot, small)) == 1
    assert await taken(copies, turn(bot)) == SLOW.burst - 1


async def test_an_album_is_as_many_messages_as_it_has_files(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    assert await wait_for(copies[0], turn(bot, cost=4)) == 0
    assert await taken(copies, turn(bot)) == 2


async def test_an_album_above_the_burst_waits_for_a_full_bucket_and_is_paid_for_after(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    full, begun = chat_of(bot, 1), chat_of(bot, 2)
    assert await wait_for(copies[0], turn(full, cost=10)) == 0
    assert await wait_for(copies[0], turn(full)) > 4 * SLOW.interval
    assert await wait_for(copies[0], turn(begun)) == 0
    assert await wait_for(copies[0], turn(begun, cost=10)) > 0


async def test_a_held_chat_is_held_for_every_copy_and_no_other_chat(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    first, second = chat_of(bot, 1), chat_of(bot, 2)
    assert not await copies[0].hold([bot, first], 30)
    for copy in copies:
        assert 25 < await wait_for(copy, turn(bot, first)) <= 30
    assert await wait_for(copies[1], turn(bot, second)) == 0


async def test_refusals_of_several_chats_at_once_hold_the_bot(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    held = [await copies[0].hold([bot, chat_of(bot, 1)], 30) for _ in range(ALL_AT_ONCE)]
    assert not any(held), "one chat is one chat, however often"
    held = [
        await copies[0].hold([bot, chat_of(bot, number)], 30)
        for number in range(1, ALL_AT_ONCE + 1)
    ]
    assert held[-1]
    assert 25 < await wait_for(copies[1], turn(bot, chat_of(bot, 9))) <= 30


async def test_a_refusal_that_names_no_chat_holds_the_bot(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    assert await copies[0].hold([bot], 30)
    assert 25 < await wait_for(copies[1], turn(bot, chat_of(bot))) <= 30


async def test_a_shorter_hold_ends_no_longer_one(copies: list[SharedBuckets], bot: Bucket) -> None:
    await copies[0].hold([bot], 30)
    await copies[1].hold([bot], 5)
    assert await wait_for(copies[2], turn(bot)) > 25


async def test_what_is_kept_expires(
    copies: list[SharedBuckets], bot: Bucket, environment: dict[str, str]
) -> None:
    chat = chat_of(bot)
    await wait_for(copies[0], turn(bot, chat))
    await copies[0].hold([bot, chat], 5)
    async with Redis.from_url(environment["REDIS_URL"]) as redis:
        keys = [key async for key in redis.scan_iter(f"{bot.key}*")]
        lives = [await redis.pttl(key) for key in keys]
    assert len(keys) == 4
    assert all(life > 0 for life in lives)


def test_alone_the_same_rules_hold(bot: Bucket) -> None:
    alone, chat = LocalBuckets(), chat_of(bot)
    assert [alone.take(turn(bot, urgency="bulk")).seconds for _ in range(2)] == [0, 0]
    assert alone.take(turn(bot, urgency="bulk")).seconds > 0
    assert alone.take(turn(bot)).seconds == 0
    alone.hold([bot, chat], 30)
    waits = alone.take(turn(bot, chat))
    assert waits.of_chat
    assert 25 < waits.seconds <= 30
    assert alone.take(turn(bot, chat_of(bot, 2))).seconds == 0


async def test_any_second_holds_thirty_messages_and_an_answer_has_the_next_turn(
    copies: list[SharedBuckets],
) -> None:
    bot = Bucket(f"rate:{uuid.uuid4().hex}", QUICK)
    assert await taken(copies, turn(bot, urgency="bulk"), PER_SECOND - 5) == PER_SECOND - 5
    assert await wait_for(copies[0], turn(bot, cost=5, urgency="bulk")) == 0
    answer = Turn([bot], 1, "answer", reserve_within=60)
    waits = await wait_for(copies[1], answer)
    assert 0 < waits <= WINDOW
    # What the others see: the place that is free next is taken.
    assert await wait_for(copies[2], turn(bot, urgency="bulk")) >= waits / 2
    await asyncio.sleep(waits)
    after = await copies[2].take(turn(bot, cost=PER_SECOND, urgency="bulk"))
    assert after.seconds > 0
    assert not after.of_chat
    while again := await wait_for(copies[1], answer):
        assert again < waits
        await asyncio.sleep(again)


async def test_what_came_late_to_telegram_is_counted_from_then_on(
    copies: list[SharedBuckets],
) -> None:
    bot = Bucket(f"rate:{uuid.uuid4().hex}", QUICK)
    whole = turn(bot, cost=PER_SECOND)
    assert await wait_for(copies[0], whole) == 0
    await copies[0].put_off(whole, ago=-30)
    assert await wait_for(copies[1], turn(bot)) > 25
    await copies[0].put_off(whole, ago=30)
    assert await wait_for(copies[1], turn(bot)) > 25, "never back"


async def test_a_chat_that_has_to_wait_is_told_from_its_bot(
    copies: list[SharedBuckets], bot: Bucket
) -> None:
    chat = chat_of(bot, rate=Rate(60.0, 1, {"answer": 1, "reminder": 1, "bulk": 1}))
    assert not (await copies[0].take(turn(bot, chat))).of_chat
    assert (await copies[0].take(turn(bot, chat))).of_chat


@pytest.mark.parametrize(("rate", "seconds", "most"), [(ALONE, 1, 30), (GROUP, 60, 20)])
def test_the_limits_are_kept_in_any_span(rate: Rate, seconds: int, most: int) -> None:
    assert rate.burst + seconds / rate.interval <= most


def test_bulk_alone_uses_nearly_all_that_telegram_lets_a_bot_send() -> None:
    assert 0.97 * PER_SECOND <= 1 / BOT.interval < PER_SECOND
    assert 0.97 * PER_SECOND <= PER_SECOND / WINDOW < PER_SECOND


def test_a_chat_is_told_one_message_a_second_and_a_burst() -> None:
    rate = chat_rate(5)
    assert rate.interval == 1
    assert rate.rooms == {"answer": 5, "reminder": 3, "bulk": 1}
