"""nats-py itself on streams: a durable command and its answer, and consuming."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.nuid import NUID

from benchmarks.bus.consuming import Counted, Measuring
from benchmarks.bus.ours import emptied
from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import COMMAND, COMMANDS, EVENTS, DoIt, Done, Happened, done
from benchmarks.peers.raw import connected, headers_of
from bus.topology import Consumer
from contracts.base import subject_of

PREFETCHED, PULL_LASTS = 256, 60
"""Messages asked for ahead, and seconds until the server forgets that."""
FETCHED = 64
ANSWERED_WITHIN = 5.0
SUBJECT, TOLD = subject_of(DoIt), subject_of(Done)

See = Callable[[Msg], Awaitable[None]]


async def pull(client: Client, consumer: Consumer, see: See) -> None:
    """Have messages come continuously: asked for anew when half of them have come."""
    inbox = client.new_inbox()
    asked = json.dumps({"batch": PREFETCHED, "expires": PULL_LASTS * 10**9}).encode()
    next_ones = f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}"
    expected = 0

    async def came(message: Msg) -> None:
        nonlocal expected
        if message.headers and "Status" in message.headers:
            return
        expected -= 1
        if expected <= PREFETCHED // 2:
            expected += PREFETCHED
            await client.publish(next_ones, asked, reply=inbox)
        await see(message)

    await client.subscribe(inbox, cb=came)
    expected += PREFETCHED
    await client.publish(next_ones, asked, reply=inbox)
    await client.flush()


@asynccontextmanager
async def working(given: Given) -> AsyncIterator[None]:
    """Do commands and answer; with the option `told`, first publish what became of them.

    That is what the bus does before it acknowledges, and it asks whether the answer is wanted.
    """
    await emptied(given)
    decoder, encoder = msgspec.json.Decoder(DoIt), msgspec.json.Encoder()
    tasks: set[asyncio.Task[None]] = set()
    async with connected(given, "storage") as client:
        stream = client.jetstream()

        async def answer(message: Msg) -> None:
            command = decoder.decode(message.data)
            assert message.headers
            payload = encoder.encode(done(command.key, command.person))
            number, asker = message.headers["Message-Id"], message.headers["Asker"]
            place = f"outcome.{asker}.{number}"
            if given.options.get("told"):
                once = {**headers_of(f"{number}-0"), "Nats-Msg-Id": f"{number}-0"}
                await stream.publish(TOLD, payload, headers=once)
                reply = await client.request(place, payload, ANSWERED_WITHIN)
                assert reply.data == b"taken"
            else:
                await client.publish(place, payload)
            await message.ack()

        async def see(message: Msg) -> None:
            if not given.options.get("told"):
                return await answer(message)
            # Waiting in the callback would have commands wait for each other.
            task = asyncio.create_task(answer(message))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            return None

        await pull(client, COMMANDS, see)
        yield


@asynccontextmanager
async def executing(given: Given) -> AsyncIterator[Call]:
    """Publish commands, await that the stream has them, and then their answers."""
    decoder, encoder = msgspec.json.Decoder(Done), msgspec.json.Encoder()
    waiting: dict[str, asyncio.Future[bytes]] = {}
    asker, numbers = f"bench-{NUID().next().decode()}", itertools.count()
    async with connected(given, "bot") as client:
        stream = client.jetstream()

        async def take(message: Msg) -> None:
            waiting.pop(message.subject.rpartition(".")[2]).set_result(message.data)
            if message.reply:
                await client.publish(message.reply, b"taken")

        async def call() -> None:
            number = f"{asker}-{next(numbers)}"
            future = waiting[number] = asyncio.get_running_loop().create_future()
            headers = {**headers_of(number), "Asker": asker}
            await stream.publish(SUBJECT, encoder.encode(COMMAND), headers=headers)
            payload = await asyncio.wait_for(future, ANSWERED_WITHIN)
            assert decoder.decode(payload).note

        await client.subscribe(f"outcome.{asker}.*", cb=take)
        await client.flush()
        yield call


@asynccontextmanager
async def by_fetch(given: Given) -> AsyncIterator[Measuring]:
    """Consume with `fetch`, a batch after another."""
    yield Measuring(given, _fetch)


@asynccontextmanager
async def _fetch(given: Given, counted: Counted) -> AsyncIterator[str]:
    decoder = msgspec.json.Decoder(Happened)
    async with connected(given, "storage") as client:
        stream = client.jetstream()
        subscription = await stream.pull_subscribe_bind(EVENTS.name, EVENTS.stream)

        async def fetch() -> None:
            while not counted.full.is_set():
                try:
                    messages = await subscription.fetch(FETCHED, timeout=1)
                except NatsTimeoutError:
                    continue
                for message in messages:
                    assert decoder.decode(message.data).key
                    await message.ack()
                    counted.one()

        running = asyncio.create_task(fetch())
        yield EVENTS.name
        await running


@asynccontextmanager
async def by_continuous_pull(given: Given) -> AsyncIterator[Measuring]:
    """Consume in a callback, with messages asked for ahead."""
    yield Measuring(given, _continuous)


@asynccontextmanager
async def _continuous(given: Given, counted: Counted) -> AsyncIterator[str]:
    decoder = msgspec.json.Decoder(Happened)
    async with connected(given, "storage") as client:

        async def see(message: Msg) -> None:
            assert decoder.decode(message.data).key
            await message.ack()
            counted.one()

        await pull(client, EVENTS, see)
        yield EVENTS.name
