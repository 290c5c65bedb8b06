"""What a process says of itself to whoever runs it: alive, ready, and its figures."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from prometheus_client import Counter
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as metrics

from services import health as healths
from services.health import Checkup, health
from services.life import Life
from services.settings import Settings, StorageSettings, WrongSettings, read_settings
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


@asynccontextmanager
async def asked(*lives: Life) -> AsyncIterator[ClientSession]:
    """Ask the services of a process, which need not be the whole ones."""
    async with (
        TestServer(Checkup(lives).application()) as server,
        ClientSession(server.make_url("")) as http,
    ):
        yield http


async def get(http: ClientSession, path: str) -> tuple[int, Any]:
    """Return status and JSON of an answer."""
    async with http.get(path) as response:
        return response.status, await response.json()


@pytest_asyncio.fixture(loop_scope="session")
async def life() -> AsyncIterator[Life]:
    """A service that has begun."""
    begun = Life.begin("storage")
    yield begun
    await begun.end()


async def test_a_service_that_waits_for_its_dependencies_is_alive_but_not_ready(
    life: Life,
) -> None:
    async def refuse() -> None:
        raise ConnectionRefusedError("postgresql://storage:secret@127.0.0.1")

    waiting = asyncio.create_task(life.wait_for("PostgreSQL", refuse))
    async with asked(life) as http:
        await asyncio.sleep(0)  # the wait has begun
        assert (await get(http, "/healthz"))[0] == 200
        status, said = await get(http, "/readyz")
    life.stopping.set()
    await waiting
    assert status == 503
    assert said["services"]["storage"] == {
        "ready": False,
        "reasons": ["it is starting", "PostgreSQL does not answer: ConnectionRefusedError"],
    }


async def test_a_dependency_that_hangs_is_not_waited_for(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healths, "ASK_WITHIN", 0.05)
    life.ready.set()
    life.dependencies["Redis"] = asyncio.Event().wait
    async with asked(life) as http:
        status, said = await get(http, "/readyz")
    assert status == 503
    assert said["services"]["storage"]["reasons"] == ["Redis does not answer within 0.05 s"]


async def test_who_asks_often_does_not_keep_a_dependency_busy(life: Life) -> None:
    questions = 0

    async def answer() -> None:
        nonlocal questions
        questions += 1

    life.ready.set()
    life.dependencies["Redis"] = answer
    async with asked(life) as http:
        answers = await asyncio.gather(*(get(http, "/readyz") for _ in range(20)))
    assert {status for status, _ in answers} == {200}
    assert questions == 1


async def test_a_service_that_is_stopping_is_not_ready_at_once(life: Life) -> None:
    life.ready.set()
    async with asked(life) as http:
        assert (await get(http, "/readyz"))[0] == 200
        life.stopping.set()
        status, said = await get(http, "/readyz")
        assert status == 503
        assert said["services"]["storage"]["reasons"] == ["it is stopping"]
        assert (await get(http, "/healthz"))[0] == 200


async def test_one_service_of_several_can_be_the_one_that_is_not_ready(life: Life) -> None:
    other = Life.begin("query")
    life.ready.set()
    async with asked(life, other) as http:
        status, said = await get(http, "/readyz")
    await other.end()
    assert status == 503
    assert [name for name, each in said["services"].items() if each["ready"]] == ["storage"]


async def test_a_service_that_hears_nothing_of_the_bus_is_not_ready_and_then_not_alive(
    life: Life, migrated: dict[str, str], servers: LocalServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(healths, "ASK_AGAIN_AFTER", 0.0)
    settings = read_settings(StorageSettings)
    life.ready.set()
    async with life.bus(settings), asked(life) as http:
        assert (await get(http, "/readyz"))[0] == 200
        await servers.stop("nats")
        try:

            async def is_not_ready() -> bool:
                return (await get(http, "/readyz"))[0] == 503

            await eventually(is_not_ready)
            _, said = await get(http, "/readyz")
            (reason,) = said["services"]["storage"]["reasons"]
            assert reason == "NATS does not answer: NotConnected"
            assert (await get(http, "/healthz"))[0] == 200
            assert life.link
            life.link.alive_at = time.monotonic() - healths.ALIVE_WITHIN
            status, said = await get(http, "/healthz")
            assert status == 503
            assert said["services"]["storage"]["alive"] is False
        finally:
            await servers.start("nats")

        async def is_alive() -> bool:
            return (await get(http, "/healthz"))[0] == 200

        await eventually(is_alive)


async def test_a_stall_of_the_event_loop_is_told(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healths, "TICK", 0.01)
    checkup = Checkup([life])
    watching = asyncio.create_task(checkup.stalls.watch())
    await asyncio.sleep(0.02)
    time.sleep(0.2)  # noqa: ASYNC251 # what is looked for

    async def is_seen() -> bool:
        return checkup.stalls.longest > 0.1

    await eventually(is_seen)
    watching.cancel()


@pytest.mark.parametrize(("accept", "parse"), [("", metrics), (OPEN_METRICS, open_metrics)])
async def test_metrics_of_all_services_are_one_text_with_the_service_as_label(
    life: Life, accept: str, parse: Any
) -> None:
    lives = [life, Life.begin("query")]
    for number, each in enumerate(lives, start=1):
        Counter("things_seen", "Things.", ["kind"], registry=each.registry).labels("a").inc(number)
    async with asked(*lives) as http, http.get("/metrics", headers={"Accept": accept}) as response:
        assert response.status == 200
        expected = "application/openmetrics-text" if accept else "text/plain"
        assert response.headers["Content-Type"].startswith(expected)
        text = await response.text()
    await lives[1].end()
    typed = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(typed) == len(set(typed))
    found = {family.name: family for family in parse(text)}
    totals = {
        (sample.labels["service"], sample.labels["kind"]): sample.value
        for sample in found["things_seen"].samples
        if sample.name == "things_seen_total"
    }
    assert totals == {("storage", "a"): 1.0, ("query", "a"): 2.0}
    assert "process_open_fds" in found


async def test_a_port_that_is_taken_is_said_in_words(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("HEALTH_PORT", str(port))
        with pytest.raises(WrongSettings, match=f"HEALTH_PORT {port} is in use"):
            async with health([life], read_settings(Settings)):
                pass


@pytest.mark.parametrize("path", ["/", "/healthz/x", "/metrics/../secrets"])
async def test_nothing_else_is_served(life: Life, path: str) -> None:
    async with asked(life) as http, http.get(path) as response:
        assert response.status == 404
