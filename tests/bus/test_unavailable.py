"""What is said of a consumer that cannot be read, and how often."""

import pytest
from nats.aio.msg import Msg
from structlog.testing import capture_logs

from bus import pulls
from bus.consumer import PullLoop
from bus.pulls import Pulls
from tests.bus.bench import STORAGE, Bench
from tests.bus.waiting import eventually, running


async def nothing(_: Msg) -> None:
    """Handle no message: none comes."""


@pytest.mark.parametrize("away", [True, False])
async def test_a_consumer_that_cannot_be_read_is_said_once_and_the_bus_not_at_all(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    failed: list[str] = []
    put_off = Pulls._put_off

    def count(self: Pulls, why: str) -> None:
        failed.append(why)
        put_off(self, why)

    monkeypatch.setattr(pulls, "LONGEST_DELAY", 0.01)
    monkeypatch.setattr(Pulls, "_put_off", count)
    link, operator = await bench.link("storage"), await bench.link("operator")
    if not away:
        await operator.jetstream.delete_consumer(STORAGE.stream, STORAGE.name)
    loop = PullLoop(link, STORAGE.stream, STORAGE.name, nothing)

    async def failed_often() -> bool:
        return len(failed) >= 5

    async def is_away() -> bool:
        return not link.client.is_connected

    with capture_logs() as said:
        if away:
            await bench.servers.stop("nats")
            await eventually(is_away)
        async with running(loop.run):
            await eventually(failed_often, within=120)
        if away:
            await bench.servers.start("nats")
    warned = [line for line in said if line["event"] == "consumer.unavailable"]
    warned = [line for line in warned if line["log_level"] == "warning"]
    assert len(warned) == (0 if away else 1), warned
