"""What the server lists, and what it does not."""

import pytest
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

import bus.listing
from bus.connection import Link
from bus.listing import ConsumerFigures, consumers_of, streams_of
from bus.topology import STREAMS
from tests.bus.bench import Bench


async def test_a_list_that_is_refused_is_not_taken_for_an_empty_one(bench: Bench) -> None:
    with pytest.raises(NotFoundError):
        await consumers_of(await bench.link("operator"), "NOWHERE")


async def test_a_stream_that_goes_while_it_is_listed_hides_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = await bench.link("operator")
    await operator.jetstream.add_stream(StreamConfig("FLEETING", subjects=["fleeting"]))

    async def once_it_is_gone(link: Link, stream: str) -> list[ConsumerFigures]:
        if stream == "FLEETING":
            await operator.jetstream.delete_stream(stream)
        return await consumers_of(link, stream)

    monkeypatch.setattr(bus.listing, "consumers_of", once_it_is_gone)
    assert {stream.name async for stream in streams_of(operator)} == {*STREAMS}
