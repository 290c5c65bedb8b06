"""How long one message may be in trouble: what counts, what does not, and what ends it."""

import asyncio
from dataclasses import replace

import pytest

from bus import hand
from bus.middleware import retry
from bus.topology import service_consumer
from bus.trouble import Trouble, held_up, is_unreachable
from contracts.base import subject_of
from contracts.documents import AddType, TypeAdded
from contracts.people import ChangeSettings, SettingsChanged
from tests.bus.bench import STORAGE, Bench, os_errors
from tests.bus.handlers import type_added
from tests.bus.waiting import eventually, running

IN_ORDER = replace(STORAGE, in_order=True)
PEOPLE = service_consumer("storage", "people", "COMMANDS", [subject_of(ChangeSettings)])
AT_MOST = 1.0


class HeldUp(Exception):
    """This message alone has to wait."""


class BehindOthers(Exception):
    """What is before it ends by itself."""


def judge(error: BaseException) -> Trouble:
    """Tell what the handlers of these tests raise."""
    if isinstance(error, BehindOthers):
        return held_up(0.01, lasts=True)
    return held_up(0.01) if isinstance(error, HeldUp) else os_errors(error)


@pytest.fixture(autouse=True)
def _short_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is over soon, and it is asked often whether a dependency is back."""
    monkeypatch.setattr(retry, "ALONE_AT_MOST", AT_MOST)
    monkeypatch.setattr(retry, "HELD_UP_DELAYS", (0.01,))
    monkeypatch.setattr(hand, "AWAY_DELAYS", (0.01,))


async def change_settings(_: ChangeSettings) -> SettingsChanged:
    """Find every dependency there."""
    return SettingsChanged(person_id=1001, language="ru", time_zone="UTC")


async def test_where_order_matters_a_message_in_trouble_alone_is_given_up(bench: Bench) -> None:
    async def add_type(command: AddType) -> TypeAdded:
        if command.name == "alone":
            raise ConnectionResetError("whenever it is this one")
        return type_added(command.name)

    call = await bench.call(judge)
    ordered = await bench.worker(add_type, consumer=IN_ORDER, call=call)
    others = await bench.worker(change_settings, consumer=PEOPLE, call=call)
    await bench.send(AddType(name="alone"), "in-order-1")
    await bench.send(AddType(name="next"), "in-order-2")
    sent = 0

    async def another_is_handled_and_it_is_dead() -> bool:
        nonlocal sent
        sent += 1
        await bench.send(ChangeSettings(language="ru"), f"witness-{sent}")
        return await bench.count("DEAD") == 1

    async with running(ordered.run, others.run):
        await eventually(another_is_handled_and_it_is_dead)
        await eventually(lambda: bench.is_empty("COMMANDS"))
    outcomes = [event.subject for event in await bench.stored("EVENTS")]
    assert outcomes.count("event.documents.type_added") == 1


async def test_time_in_which_a_dependency_is_away_is_not_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "WAIT_AT_MOST", AT_MOST / 10)
    loop = asyncio.get_running_loop()
    began, spared = 0.0, 0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal began, spared
        began = began or loop.time()
        if loop.time() - began < 3 * AT_MOST:
            raise ConnectionRefusedError("a dependency")
        if (spared := spared + 1) <= 3:
            raise HeldUp("the moment it is back")
        return type_added(command.name)

    await bench.send(AddType(name="x"), "days-later")
    worker = await bench.worker(add_type, judge=judge)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.is_empty("DEAD")
    assert await bench.count("EVENTS") == 1


@pytest.mark.parametrize(("waits_for", "dies"), [(HeldUp, True), (BehindOthers, False)])
async def test_what_waits_for_others_waits_as_long_as_they_do(
    bench: Bench, waits_for: type[Exception], *, dies: bool
) -> None:
    loop = asyncio.get_running_loop()
    began = 0.0

    async def add_type(command: AddType) -> TypeAdded:
        nonlocal began
        began = began or loop.time()
        if loop.time() - began < 3 * AT_MOST:
            raise waits_for
        return type_added(command.name)

    await bench.send(AddType(name="x"), "behind")
    worker = await bench.worker(add_type, judge=judge)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.count("DEAD") == dies


@pytest.mark.parametrize(
    "bug", [FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, OSError]
)
def test_an_error_with_a_file_is_no_dependency_away(bug: type[OSError]) -> None:
    assert not is_unreachable(bug("report.pdf"))


async def test_what_the_network_says_is_a_dependency_away(unused_tcp_port: int) -> None:
    with pytest.raises(OSError, match="Connect call failed") as refused:
        await asyncio.open_connection("127.0.0.1", unused_tcp_port)
    assert is_unreachable(refused.value)
    with pytest.raises(OSError, match="Connect call failed") as of_two:
        # As a name with two addresses, each of which says something else.
        await asyncio.open_connection("localhost", unused_tcp_port)
    assert is_unreachable(of_two.value)
    with pytest.raises(TimeoutError) as late:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    assert is_unreachable(late.value)
