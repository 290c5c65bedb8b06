"""Messages that wait for each other share a transaction, and nothing of each other's trouble."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import func, select

from bus.delivery import Delivery
from services.storage.collecting import AT_WORK
from tests.services.acting import Databases
from tests.services.storage.delivering import new_message_id, said
from tests.services.storage.grouping import Copy, copy_of


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine groups would be small, and some of them undone."""
    monkeypatch.setattr("services.storage.groups.BEGIN_WITHIN", 60.0)
    monkeypatch.setattr("services.storage.groups.END_WITHIN", 60.0)
    monkeypatch.setattr("services.storage.collecting.GIVES_WAY_AFTER", 60.0)


@pytest.fixture
def storage(databases: Databases) -> Copy:
    return copy_of(databases)


async def at_work(storage: Copy, happened: Awaitable[Any]) -> None:
    """Let the group begin, and wait for something that happens in it."""
    storage.work.begin.set()
    async with asyncio.timeout(60):
        await happened


async def test_those_that_wait_share_a_transaction(storage: Copy) -> None:
    names = await storage.collect(*["well"] * 4, "refused")
    ended = await storage.ended()

    assert len({tuple(storage.work.transactions[name]) for name in names}) == 1
    assert await storage.effects(*storage.tasks) == [1] * (5 + AT_WORK)
    assert len(storage.work.counted) == 5 + AT_WORK
    outcomes = [ended[name].produced.outcome.subject.rpartition(".")[2] for name in names]
    assert outcomes == ["type_added"] * 4 + ["type_refused"]


async def test_who_is_not_waited_for_is_alone(storage: Copy) -> None:
    storage.work.begin.set()
    for number in range(3):
        await storage.handle("well", f"{new_message_id()[:30]}{number}")

    assert await storage.effects(*storage.tasks) == [1] * 3
    assert len({trials[0] for trials in storage.work.transactions.values()}) == 3


async def test_one_that_fails_spoils_nobody(storage: Copy) -> None:
    names = await storage.collect("well", "raises", "well", "refused")
    ended = await storage.ended()

    assert isinstance(ended[names[1]], ValueError)
    assert await storage.effects(*names) == [1, 0, 1, 1]
    assert len(storage.work.counted) == 3 + AT_WORK, (
        "counted once, and only what is in the database"
    )


async def test_a_slow_one_is_waited_for_so_long_and_is_left_out_then(
    storage: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.storage.groups.END_WITHIN", 2.0)
    names = await storage.collect("well", "hangs", "well")
    await storage.ended()
    assert await storage.effects(*names) == [1, 1, 1]

    later = await storage.collect("well", "well")
    await storage.ended()
    assert len({storage.work.transactions[name][0] for name in later}) == 2


async def test_what_takes_long_together_is_done_in_several_groups(
    storage: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.storage.groups.BEGIN_WITHIN", 0.0)
    names = await storage.collect(*["well"] * 4)
    await storage.ended()

    assert await storage.effects(*names) == [1] * 4
    assert len({trials[0] for trials in storage.work.transactions.values()}) == 4 + AT_WORK


async def test_a_message_twice_in_a_group_has_one_effect(storage: Copy) -> None:
    names = await storage.collect("well", "well")
    second = storage.tasks.pop(names[0])
    first = storage.handle("well", names[0])
    await storage.ended()

    assert said(await first) == said(await second)
    assert await storage.effects(*names) == [1, 1]


async def test_a_message_in_groups_of_two_copies_has_one_effect(databases: Databases) -> None:
    copies = [copy_of(databases), copy_of(databases)]
    names = [await storage.collect("well", "well") for storage in copies]
    both = new_message_id()[:30]
    for storage in copies:
        storage.handle("well", both)
    await asyncio.gather(*(storage.ended() for storage in copies))

    assert await copies[0].effects(both, *names[0], *names[1]) == [1] * 5


async def test_one_that_was_handled_before_says_the_same(storage: Copy) -> None:
    before = new_message_id()[:30]
    storage.work.begin.set()
    handled = await storage.handle("well", before)
    storage.work.begin.clear()
    names = await storage.collect("well")
    again = storage.handle("well", before)
    await storage.ended()

    assert said(await again) == said(handled)
    assert await storage.effects(before, *names) == [1, 1]


async def test_rows_that_another_locked_delay_only_who_wants_them(storage: Copy) -> None:
    names = await storage.collect("well", "locks4711", "well")
    async with storage.databases.storage() as db:
        await db.execute(select(func.pg_advisory_xact_lock(4711)))
        storage.work.begin.set()
        async with asyncio.timeout(60):
            await asyncio.gather(storage.tasks[names[0]], storage.tasks[names[2]])
        assert not storage.tasks[names[1]].done()
    await storage.ended()

    assert await storage.effects(*names) == [1, 1, 1]


async def test_groups_that_lock_in_another_order_end(databases: Databases) -> None:
    copies = [copy_of(databases), copy_of(databases)]
    names = [
        await copies[0].collect("locks4712", "locks4713"),
        await copies[1].collect("locks4713", "locks4712"),
    ]
    ended = await asyncio.gather(*(storage.ended() for storage in copies))

    assert all(isinstance(came, Delivery) for each in ended for came in each.values())
    assert await copies[0].effects(*names[0], *names[1]) == [1] * 4


async def test_a_connection_lost_in_the_middle_costs_an_attempt(storage: Copy) -> None:
    names = await storage.collect("well", "loses", "well")
    await storage.ended()

    assert await storage.effects(*names) == [1, 1, 1]


async def test_one_that_is_given_back_has_no_effect(storage: Copy) -> None:
    names = await storage.collect("well", "hangs", "well")
    await at_work(storage, storage.work.reached.wait())
    storage.tasks[names[1]].cancel()
    await storage.ended()

    assert storage.tasks[names[1]].cancelled()
    assert await storage.effects(*names) == [1, 0, 1]


async def test_one_that_waits_may_be_given_back(storage: Copy) -> None:
    names = await storage.collect("well", "well", "well")
    storage.tasks[names[1]].cancel()
    await storage.ended()

    assert await storage.effects(*names) == [1, 0, 1]
