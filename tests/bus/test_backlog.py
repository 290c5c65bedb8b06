"""How much of a subject a stream still holds, as far as the server says so."""

import time

import pytest
from nats.aio.msg import Msg

from bus.backlog import queued
from tests.bus.bench import Bench

SUBJECT = "command.documents.add_type"


async def test_what_is_in_hand_is_still_there_and_what_is_done_is_gone(bench: Bench) -> None:
    storage = await bench.link("storage")
    before = time.time()
    for number in range(3):
        await bench.send_bytes(SUBJECT, b"{}", {"Message-Id": str(number)})
    await bench.send_bytes("command.documents.rename_type", b"{}", {})
    pulling = await storage.jetstream.pull_subscribe_bind("storage-documents", stream="COMMANDS")
    (first,) = await pulling.fetch(1, timeout=60)
    operator = await bench.link("operator")
    found = await queued(operator, "COMMANDS", SUBJECT)
    assert found
    assert found.messages == 3
    assert before - 1 < found.since.timestamp() < time.time() + 1
    await first.ack_sync()
    left = await queued(operator, "COMMANDS", SUBJECT)
    assert left
    assert left.messages == 2
    assert await queued(operator, "COMMANDS", "command.documents.delete_type") is None


async def test_of_a_stream_that_is_not_there_nothing_is_known(bench: Bench) -> None:
    with pytest.raises(TimeoutError, match="what NOWHERE holds is not known"):
        await queued(await bench.link("operator"), "NOWHERE", SUBJECT)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Status": "408", "Description": "Bad Request"},
        {"Nats-Num-Pending": "2"},
        {"Nats-Num-Pending": "many", "Nats-Time-Stamp": "2026-11-22T06:02:59.226468436Z"},
        {"Nats-Num-Pending": "2", "Nats-Time-Stamp": "yesterday"},
    ],
)
async def test_an_answer_of_another_kind_tells_nothing(
    bench: Bench, headers: dict[str, str]
) -> None:
    operator = await bench.link("operator")

    async def answer(message: Msg) -> None:
        await operator.client.publish(message.reply, b"", headers=headers)

    await operator.client.subscribe("$JS.API.DIRECT.GET.STRANGE", cb=answer)
    await operator.client.flush()
    with pytest.raises(TimeoutError, match="what STRANGE holds is not known"):
        await queued(operator, "STRANGE", SUBJECT)
