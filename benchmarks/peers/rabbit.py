"""RabbitMQ through aio-pika: a question with a direct reply-to."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import msgspec

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import NOTE, QUESTION, Answer, LookUp, answer
from benchmarks.places import AMQP

QUEUE, REPLIES = "questions", "amq.rabbitmq.reply-to"
ANSWERED_WITHIN = 5.0


@asynccontextmanager
async def _channel(given: Given) -> AsyncIterator[Any]:
    connection = await aio_pika.connect(given.settings[AMQP])
    try:
        yield await connection.channel(publisher_confirms=False)
    finally:
        await connection.close()


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[None]:
    """Answer from a queue that goes with the connection; nothing is acknowledged."""
    decoder, encoder = msgspec.json.Decoder(LookUp), msgspec.json.Encoder()
    async with _channel(given) as channel:

        async def answer_one(message: Any) -> None:
            question = decoder.decode(message.body)
            payload = encoder.encode(answer(question.key, question.person))
            reply = aio_pika.Message(payload, correlation_id=message.correlation_id)
            exchange = channel.default_exchange
            await exchange.publish(reply, routing_key=message.reply_to, mandatory=False)

        queue = await channel.declare_queue(QUEUE, auto_delete=True)
        await queue.consume(answer_one, no_ack=True)
        yield


@asynccontextmanager
async def asking(given: Given) -> AsyncIterator[Call]:
    """Ask, and take answers from RabbitMQ's place for direct replies."""
    decoder, encoder = msgspec.json.Decoder(Answer), msgspec.json.Encoder()
    waiting: dict[str, asyncio.Future[bytes]] = {}
    numbers = itertools.count()
    async with _channel(given) as channel:

        async def take(message: Any) -> None:
            waiting.pop(message.correlation_id).set_result(message.body)

        async def call() -> None:
            number = str(next(numbers))
            future = waiting[number] = asyncio.get_running_loop().create_future()
            asked = aio_pika.Message(
                encoder.encode(QUESTION), correlation_id=number, reply_to=REPLIES
            )
            await channel.default_exchange.publish(asked, routing_key=QUEUE, mandatory=False)
            body = await asyncio.wait_for(future, ANSWERED_WITHIN)
            assert decoder.decode(body).note == NOTE

        replies = await channel.get_queue(REPLIES, ensure=False)
        await replies.consume(take, no_ack=True)
        yield call
