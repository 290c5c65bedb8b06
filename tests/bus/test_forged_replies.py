"""Who asks to be answered on a subject of ours gets no answer there, and is noticed."""

import pytest
from nats.aio.msg import Msg

from contracts.documents import AddType
from tests.bus.asking import answering, list_types
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually, running

ELSEWHERE = "event.documents.type_added"
"""A subject that a stream listens to; in its account nothing else keeps `operator` from it."""


@pytest.mark.parametrize("subject", ["query.documents.list_types", "$SRV.PING", "$SRV.STATS.query"])
async def test_a_service_answers_to_inboxes_only(bench: Bench, subject: str) -> None:
    operator = (await bench.link("operator")).client
    async with answering(bench, list_types) as service:
        forgeries = service.link.forgeries
        await operator.publish(subject, b"{}", reply=ELSEWHERE, headers=CAUSE.headers())

        async def was_noticed() -> bool:
            return forgeries.count == 1

        await eventually(was_noticed)
        # What was asked after it is answered after it: nothing is on its way any more.
        answer = await operator.request(subject, b"{}", timeout=60, headers=CAUSE.headers())
        assert answer.data
    assert await bench.is_empty("EVENTS")
    assert [metric.samples[0].value for metric in forgeries.collect()] == [1]


async def test_an_offer_that_wants_its_answer_elsewhere_is_no_outcome(bench: Bench) -> None:
    bot, waiting = await bench.bot()
    client = waiting.link.client
    # In the account of the bot nobody may offer: the message is made by hand.
    offer = Msg(client, f"outcome.{waiting.asker}.c-1", reply=ELSEWHERE, data=b"forged")
    with waiting.expecting("c-1", "documents") as expected:
        waiting.offered(offer)
        assert not expected.future.done()
    assert waiting.link.forgeries.count == 1
    # Honest offers are taken as ever.
    worker = await bench.worker(add_type)
    async with running(worker.run):
        assert (await bot.execute(AddType(name="x"))).name == "x"
    assert await bench.count("EVENTS") == 1
    assert waiting.link.forgeries.count == 1
