"""NATS: where a reply goes is the asker's to say; a thief of the bot's key gains nothing by it.

The server and the services answer with rights that the thief has not: the acknowledgement of a
publish, the answer to a question and a message that is pulled each go to the reply subject.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from tests.bus.bench import Bench
from tests.bus.refusals import connected

Ask = Callable[[Client, str], Awaitable[None]]

TARGETS = {
    "an event": "event.documents.forged",
    "a late outcome": "late.documents.forged",
    "an update": "update.documents.1001",
    "a reminder": "notice.reminder.documents.1001",
    "the purge of a stream": "$JS.API.STREAM.PURGE.EVENTS",
    "the end of a stream": "$JS.API.STREAM.DELETE.EVENTS",
    "what storage listens to": "_INBOX.storage.forged",
}


async def publish(client: Client, reply: str) -> None:
    await client.publish("command.documents.add_type", b"{}", reply=reply)


async def ask(client: Client, reply: str) -> None:
    await client.publish("query.documents.list_types", b"{}", reply=reply)


async def pull(client: Client, reply: str) -> None:
    wanted = b'{"batch": 1, "expires": 2000000000}'
    await client.publish("$JS.API.CONSUMER.MSG.NEXT.EVENTS.bot-people", wanted, reply=reply)


WAYS: dict[str, Ask] = {"an acknowledgement": publish, "an answer": ask, "a pulled message": pull}


@asynccontextmanager
async def naive_query(bench: Bench) -> AsyncIterator[None]:
    """Answer to any subject, as ours does not: what it sees of it is up to the accounts."""
    async with connected(bench, "query") as (client, _):

        async def answer(message: Msg) -> None:
            await client.publish(message.reply, b"")

        await client.subscribe("query.documents.list_types", queue="query", cb=answer)
        await client.flush()
        yield


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
async def test_a_forged_reply_subject_makes_nothing_of(bench: Bench, way: Ask, target: str) -> None:
    async with naive_query(bench), connected(bench, "bot") as (thief, _):
        by_thief = await _arrives(bench, thief, way, target)
        # Of one account with the streams and with query, it would arrive.
        by_operator = await _arrives(bench, (await bench.link("operator")).client, way, target)

    assert by_thief == []
    assert len(by_operator) == 1


async def _arrives(bench: Bench, asker: Client, way: Ask, target: str) -> list[str]:
    """What comes to `target` when somebody has a reply sent there."""
    jetstream = (await bench.link("operator")).jetstream
    heard: list[str] = []

    async def hear(message: Msg) -> None:
        heard.append(message.subject)

    async with connected(bench, "operator") as (listener, _):
        await listener.subscribe(target, cb=hear)
        await listener.flush()
        # One to be pulled with the forged reply subject, and one behind it.
        for _ in range(2):
            await jetstream.publish("event.people.settings_changed", b"{}")
        await way(asker, target)
        await _answered(asker, way)
        await listener.flush()
        # What has arrived is handled in the listener's own task.
        for _ in range(10):
            await asyncio.sleep(0)
    return heard


async def _answered(asker: Client, way: Ask) -> None:
    """Wait for the reply to one more request of the kind: those before it were replied to, too."""
    inbox = asker.new_inbox()
    subscription = await asker.subscribe(inbox)
    await way(asker, inbox)
    await subscription.next_msg(timeout=60)
    await subscription.unsubscribe()


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
async def test_the_servers_own_replies_cannot_be_forged_by(bench: Bench, way: Ask) -> None:
    async with naive_query(bench), connected(bench, "bot") as (thief, refusals):
        # Under such names the server keeps to whom of another account an answer goes.
        await way(thief, "_R_.forged.reply")
        assert "publish with reply" in await refusals.next()
        await bench.send_bytes("event.people.settings_changed", b"{}", {})
        await _answered(thief, way)
        assert refusals.none_came()


async def test_an_acknowledgement_of_storages_cannot_be_forged(bench: Bench) -> None:
    storage = (await bench.link("storage")).jetstream
    await bench.send_bytes("command.documents.add_type", b"{}", {})
    subscription = await storage.pull_subscribe_bind(
        consumer="storage-documents", stream="COMMANDS"
    )
    (message,) = await subscription.fetch(1, timeout=60)
    async with connected(bench, "bot") as (thief, refusals):
        for way in WAYS.values():
            await way(thief, message.reply)
            assert "publish with reply" in await refusals.next()
    assert await bench.count("COMMANDS") == 1
    await message.ack_sync()
    assert await bench.is_empty("COMMANDS")
