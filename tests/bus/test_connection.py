"""A connection waits for a server, survives its restart, and says when it is lost for good."""

import asyncio
import time
from urllib.parse import urlsplit

import pytest

from bus.connection import ConnectionLost, connect
from tests.bus.bench import Bench
from tests.bus.waiting import eventually


async def test_a_server_that_is_away_is_waited_for(bench: Bench) -> None:
    url, seed = bench.url, bench.seed("operator")
    await bench.servers.stop("nats")

    async def connect_and_ask() -> bool:
        async with connect(url, "operator", seed) as link:
            return bool(await link.client.request("$JS.API.INFO", b"", timeout=60))

    connecting = asyncio.create_task(connect_and_ask())
    await bench.servers.start("nats")
    async with asyncio.timeout(60):
        assert await connecting


async def test_a_restart_is_survived(bench: Bench) -> None:
    link = await bench.link("operator")
    await bench.servers.stop("nats")

    async def is_away() -> bool:
        return not link.client.is_connected

    async def is_back() -> bool:
        return link.client.is_connected

    await eventually(is_away)
    await bench.servers.start("nats")
    await eventually(is_back)
    await link.client.request("$JS.API.INFO", b"", timeout=60)
    assert not link.lost.done()


async def test_a_connection_closed_under_us_is_lost(bench: Bench) -> None:
    link = await bench.link("bot")
    await link.client.close()
    with pytest.raises(ConnectionLost, match="was closed"):
        async with asyncio.timeout(60):
            await link.lost


async def test_leaving_while_the_server_is_away_is_no_failure(bench: Bench) -> None:
    async with asyncio.timeout(60), connect(bench.url, "bot", bench.seed("bot")) as link:
        await bench.servers.stop("nats")
    assert link.client.is_closed
    await bench.servers.start("nats")


@pytest.fixture
def busy_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is asked all the time whether it lives."""
    monkeypatch.setattr("bus.connection.PROBE_INTERVAL", 0.05)
    monkeypatch.setattr("bus.connection.REQUEST_TIMEOUT", 0.1)


@pytest.mark.usefixtures("busy_probe")
@pytest.mark.parametrize("user", ["bot", "query", "gateway"])
async def test_every_service_hears_itself_as_a_proof_of_life(bench: Bench, user: str) -> None:
    async with connect(bench.url, user, bench.seed(user)) as link:
        at_connect = link.alive_at

        async def was_heard() -> bool:
            return link.alive_at > at_connect

        await eventually(was_heard)
        assert not link.lost.done()


@pytest.mark.usefixtures("busy_probe")
async def test_a_restart_is_no_loss_and_followed_by_a_proof_of_life(bench: Bench) -> None:
    async with connect(bench.url, "bot", bench.seed("bot")) as link:
        await bench.servers.stop("nats")
        stopped_at = time.monotonic()
        await bench.servers.start("nats")

        async def was_heard() -> bool:
            return link.alive_at > stopped_at

        await eventually(was_heard)
        assert not link.lost.done()


@pytest.mark.usefixtures("busy_probe")
async def test_a_client_that_is_alive_but_reads_no_more_is_lost(bench: Bench) -> None:
    async with connect(bench.url, "bot", bench.seed("bot")) as link:
        reading = link.client._reading_task  # what nats-py leaves in its states of the undead
        assert reading
        reading.cancel()
        with pytest.raises(ConnectionLost, match="answers nothing"):
            async with asyncio.timeout(60):
                await link.lost


@pytest.mark.usefixtures("busy_probe")
async def test_a_client_that_has_stopped_reconnecting_is_lost(bench: Bench) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"INFO\r\n")  # a line cut short ends nats-py's task of reconnecting
        await writer.drain()

    url = urlsplit(bench.url)
    async with connect(bench.url, "bot", bench.seed("bot")) as link:
        await bench.servers.stop("nats")
        try:
            impostor = await asyncio.start_server(greet, url.hostname, url.port)
            async with impostor:
                with pytest.raises(ConnectionLost, match="stopped reconnecting"):
                    async with asyncio.timeout(60):
                        await link.lost
        finally:
            await bench.servers.start("nats")


@pytest.mark.usefixtures("busy_probe")
async def test_a_link_that_answers_nothing_is_lost(bench: Bench) -> None:
    async with connect(bench.url, "bot", bench.seed("bot")) as link:
        server = bench.servers.processes["nats"]
        server.suspend()
        try:
            with pytest.raises(ConnectionLost, match="answers nothing"):
                async with asyncio.timeout(60):
                    await link.lost
        finally:
            server.resume()
