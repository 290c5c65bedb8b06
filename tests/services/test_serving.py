"""Services side by side in one process: one that ends or fails ends all, and a stop is bounded."""

import asyncio
from contextlib import suppress

import pytest

from services import run
from services.life import Life
from services.run import ServiceFailed, serve
from services.settings import Settings


@pytest.fixture(autouse=True)
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes listen, too."""
    monkeypatch.setenv("HEALTH_PORT", "0")


async def ends(settings: Settings, life: Life) -> None:
    """A service that ends although nobody told it to."""
    life.ready.set()


async def waits(settings: Settings, life: Life) -> None:
    """A service that works until told to stop."""
    life.ready.set()
    await life.stopping.wait()


async def test_a_service_that_ends_by_itself_is_a_failure_and_stops_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    functions = {"storage": ends, "query": waits}
    monkeypatch.setattr(run, "load", lambda name: (Settings, functions[name]))
    async with asyncio.timeout(60):
        with pytest.raises(ServiceFailed, match="storage ended by itself"):
            await serve(["query", "storage"])


async def fails(settings: Settings, life: Life) -> None:
    """A service that meets a bug of its own, with a text of several lines."""
    life.ready.set()
    raise ValueError("a text\n  of two lines")


async def test_a_service_that_fails_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "load", lambda name: (Settings, fails))
    with pytest.raises(ServiceFailed) as caught:
        await serve(["storage"])
    assert str(caught.value) == "storage failed: ValueError: a text of two lines"


class HoldsOn:
    """A service that neither ends nor lets itself be cancelled."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def __call__(self, settings: Settings, life: Life) -> None:
        life.ready.set()
        while not self.let_go.is_set():
            with suppress(asyncio.CancelledError):
                await self.let_go.wait()


async def test_a_service_that_does_not_end_keeps_the_others_waiting_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "STOP_TIMEOUT", 0.1)
    monkeypatch.setattr(run, "CANCEL_TIMEOUT", 0.1)
    holds_on = HoldsOn()
    monkeypatch.setattr(run, "load", lambda name: (Settings, holds_on))
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(["query"], on_ready=ready.set))
    async with asyncio.timeout(60):
        await ready.wait()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
    holds_on.let_go.set()


async def test_readiness_is_told_once_all_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "load", lambda name: (Settings, waits))
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(["query", "storage"], on_ready=ready.set))
    async with asyncio.timeout(60):
        await ready.wait()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
