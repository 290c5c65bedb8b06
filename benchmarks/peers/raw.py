"""nats-py itself: no more than its manual has, with the headers that the bus sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.nuid import NUID

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import NOTE, PERSON, QUESTION, Answer, LookUp, answer
from contracts.base import subject_of
from switchboard.keys import seed_variable

SUBJECT = subject_of(LookUp)
ACTOR = f"{PERSON}@bench"
CAUSE = f"bench-{NUID().next().decode()}"


@asynccontextmanager
async def connected(given: Given, user: str) -> AsyncIterator[Client]:
    """Connect as a user, or as the operator, who is in the account of the streams."""
    user = given.options.get("user", user)
    client = await nats.connect(
        given.settings["NATS_URL"],
        nkeys_seed_str=given.settings[seed_variable(user)],
        inbox_prefix=f"_INBOX.{user}".encode(),
    )
    try:
        yield client
    finally:
        await client.close()


def headers_of(message_id: str) -> dict[str, str]:
    """Return the headers of a message of the bus."""
    return {
        "Message-Id": message_id,
        "Causation-Id": CAUSE,
        "Actor": ACTOR,
        "Chat": str(PERSON),
        "Locale": "ru",
    }


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[None]:
    """Answer in the callback, one question after another."""
    decoder, encoder = msgspec.json.Decoder(LookUp), msgspec.json.Encoder()
    async with connected(given, "query") as client:

        async def answer_one(message: Msg) -> None:
            question = decoder.decode(message.data)
            assert message.headers
            assert message.headers["Actor"]
            payload = encoder.encode(answer(question.key, question.person))
            await client.publish(message.reply, payload)

        await client.subscribe(SUBJECT, "query", cb=answer_one)
        await client.flush()
        yield


@asynccontextmanager
async def asking(given: Given) -> AsyncIterator[Call]:
    """Ask with `request`."""
    decoder, encoder = msgspec.json.Decoder(Answer), msgspec.json.Encoder()
    async with connected(given, "bot") as client:

        async def call() -> None:
            payload = encoder.encode(QUESTION)
            headers = {"Message-Id": f"{CAUSE}-asked", "Actor": ACTOR}
            reply = await client.request(SUBJECT, payload, timeout=3, headers=headers)
            assert decoder.decode(reply.data).note == NOTE

        yield call
