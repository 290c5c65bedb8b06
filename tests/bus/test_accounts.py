"""Services in accounts of their own work together as in one; the operator sees all of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError

from bus.accounts import ANSWER_WITHIN, accounts
from bus.caller import QUERY_TIMEOUT
from bus.connection import REQUEST_TIMEOUT
from bus.pulls import PULL_SECONDS
from bus.users import CORE, USERS
from services.discovery import consumers
from tests.bus.bench import Bench
from tests.bus.refusals import connected

PEOPLES = "event.people.settings_changed"


async def test_the_operator_hears_what_every_account_says(bench: Bench) -> None:
    said = {
        "gateway": "update.documents.1001",
        "bot": "command.documents.add_type",
        "storage": "event.documents.type_added",
        "files": "late.files.1001.upload_lost",
        "notifier": "notice.answer.documents.1001",
    }
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message: Msg) -> None:
        heard.put_nowait(message.subject)

    async with connected(bench, "operator") as (operator, _):
        for kind in ("update", "command", "event", "late", "notice", "query"):
            await operator.subscribe(f"{kind}.>", cb=hear)
        await operator.flush()
        for user, subject in said.items():
            await (await bench.link(user)).jetstream.publish(subject, b"{}")
        await (await bench.link("bot")).client.publish("query.documents.list_types", b"{}")
        async with asyncio.timeout(60):
            found = {await heard.get() for _ in range(len(said) + 1)}

    assert found == {*said.values(), "query.documents.list_types"}


@pytest.mark.parametrize("asker", ["storage", "files"])
async def test_a_bot_that_is_gone_is_known_to_be_at_once(bench: Bench, asker: str) -> None:
    link = await bench.link(asker)
    with pytest.raises(NoRespondersError):
        await link.client.request("outcome.bot-gone.c-1", b"{}", timeout=60)


@pytest.mark.parametrize("asker", ["storage", "files"])
async def test_an_outcome_reaches_the_copy_that_asked(bench: Bench, asker: str) -> None:
    async with connected(bench, "bot") as (one, _), connected(bench, "bot") as (other, _):
        for name, client in (("one", one), ("other", other)):
            await client.subscribe(f"outcome.{name}.*", cb=_answering(client, name.encode()))
            await client.flush()
        link = await bench.link(asker)
        for name in ("one", "other"):
            reply = await link.client.request(f"outcome.{name}.c-1", b"{}", timeout=60)
            assert reply.data == name.encode()


async def test_copies_of_query_share_the_questions(bench: Bench) -> None:
    answered: Counter[bytes] = Counter()
    async with AsyncExitStack() as stack:
        for name in (b"one", b"other"):
            client, _ = await stack.enter_async_context(connected(bench, "query"))
            answer = _answering(client, name)
            await client.subscribe("query.documents.list_types", queue="query", cb=answer)
            await client.flush()
        asking = (await bench.link("bot")).client
        for _ in range(64):
            reply = await asking.request("query.documents.list_types", b"{}", timeout=60)
            answered[reply.data] += 1
    assert set(answered) == {b"one", b"other"}


async def test_what_is_pulled_is_settled_in_every_way(bench: Bench) -> None:
    bot = (await bench.link("bot")).jetstream
    for _ in range(3):
        await bench.send_bytes(PEOPLES, b"{}", {"Message-Id": "m"})
    pulling = await bot.pull_subscribe_bind(consumer="bot-people", stream="EVENTS")
    first, second, third = [(await pulling.fetch(1, timeout=60))[0] for _ in range(3)]
    assert (first.subject, (first.headers or {})["Message-Id"]) == (PEOPLES, "m")
    await first.in_progress()
    await first.ack_sync()
    await second.term()
    await third.nak()
    (again,) = await pulling.fetch(1, timeout=60)
    assert again.metadata.num_delivered == 2
    await again.ack_sync()
    info = await (await bench.link("operator")).jetstream.consumer_info("EVENTS", "bot-people")
    assert (info.num_ack_pending, info.num_pending) == (0, 0)
    with pytest.raises(TimeoutError):
        await pulling.fetch(1, timeout=0.1)


def test_every_account_takes_only_what_its_user_may_use() -> None:
    found = _accounts(USERS)
    for user, table in USERS.items():
        if table.account != CORE:
            account = found[table.account]
            (entry,) = account["users"]
            imported = {each["service"]["subject"] for each in account["imports"]}
            to_itself = f"_INBOX.{user}.probe.>"
            assert imported == set(entry["permissions"]["publish"]) - {to_itself}


def test_answers_find_their_way_for_longer_than_anybody_waits() -> None:
    assert ANSWER_WITHIN.endswith("s")
    assert float(ANSWER_WITHIN[:-1]) > 2 * max(PULL_SECONDS, QUERY_TIMEOUT, REQUEST_TIMEOUT)


@pytest.mark.parametrize("user", USERS)
def test_a_server_may_do_without_the_playground_only(user: str) -> None:
    others = set(USERS) - {user}
    if USERS[user].only_development:
        assert user == "playground"
        assert len(_accounts(others)[CORE]["users"]) == len(_accounts(USERS)[CORE]["users"]) - 1
    else:
        with pytest.raises(KeyError, match=user):
            _accounts(others)


def _accounts(users: Iterable[str]) -> dict[str, Any]:
    return dict(accounts(dict.fromkeys(users, "key"), consumers()))


def _answering(client: Client, answer: bytes) -> Callable[[Msg], Awaitable[None]]:
    async def respond(message: Msg) -> None:
        await client.publish(message.reply, answer)

    return respond
