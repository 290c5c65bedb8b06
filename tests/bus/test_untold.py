"""Who tells of a death may be in trouble, too: it is told once that is over, and nothing ends."""

import pytest
from msgspec.structs import replace

from bus.delivery import Delivery, chain
from bus.encoding import decode, encode
from bus.errors import Overloaded
from bus.middleware import retry
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.publishing import BURIED, publishing, tell_of_death
from bus.resolver import Resolver
from bus.topology import STREAMS
from bus.trouble import BUG
from bus.worker import Worker, typed_reader
from contracts.documents import AddType, TypeAdded
from contracts.notices import CommandBuried, Notice, subject_of_notice
from contracts.screens import Screen
from tests.bus.bench import CAUSE, STORAGE, Bench, router_of
from tests.bus.handlers import type_added
from tests.bus.waiting import eventually, running


async def add_type(command: AddType) -> TypeAdded:
    """Do it, but for one that meets a bug."""
    if command.name == "bug":
        raise ZeroDivisionError("a bug")
    return type_added(command.name)


async def test_a_full_stream_of_notices_ends_no_service(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", ())
    publisher = await bench.publisher("storage")
    refused = 0

    async def tell(delivery: Delivery, _: BaseException) -> None:
        nonlocal refused
        notice = Notice(app="documents", chat_id=1001, screen=Screen(text="x"), key="told")
        try:
            await publisher.publish(subject_of_notice(notice), encode(notice), {}, deadline=5)
        except Overloaded:
            refused += 1
            raise

    async def has_tried_again() -> bool:
        return refused > 1

    policy = retry.retry(DeadLetters(publisher), lambda _: BUG, tell)
    call = chain([policy, publishing(publisher)], Resolver({}).caller())
    worker = Worker(STORAGE, typed_reader(STORAGE, list(router_of(add_type))), call, publisher)
    await bench.fill("NOTICES")
    async with running(worker.run):
        await bench.send(AddType(name="bug"), "untold")
        await eventually(has_tried_again)
        await bench.send(AddType(name="other"), "meanwhile")
        await eventually(lambda: bench.count("EVENTS"))
        operator = await bench.link("operator")
        await operator.jetstream.update_stream(STREAMS["NOTICES"])
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.count("NOTICES") == 1
    assert await bench.count("DEAD") == 1


async def test_whose_answer_dies_on_the_way_of_the_notices_is_told_so_once(bench: Bench) -> None:
    publisher = await bench.publisher("notifier")
    answer = replace(CAUSE, asker="").caused("documents-7-1-abc")
    await tell_of_death(publisher, "notice.answer.documents.-1002", answer)

    (told,) = await bench.stored("NOTICES")
    assert told.subject == "notice.answer.documents.-1002"
    buried = decode(CommandBuried, told.data or b"")
    assert (buried.chat_id, buried.key) == (-1002, "documents-7-1-abc")
    assert told.headers
    assert told.headers["Message-Id"].endswith(BURIED)

    await tell_of_death(publisher, told.subject, answer.caused(told.headers["Message-Id"]))
    assert await bench.count("NOTICES") == 1


@pytest.mark.parametrize("urgency", ["reminder", "bulk"])
async def test_of_what_nobody_waits_for_nobody_is_told(bench: Bench, urgency: str) -> None:
    publisher = await bench.publisher("notifier")
    await tell_of_death(publisher, f"notice.{urgency}.documents.1001", CAUSE)
    assert await bench.is_empty("NOTICES")
