"""A command's outcome reaches who asked, in time or late, and nobody twice."""

import asyncio

import pytest
from msgspec.structs import replace

from bus import CommandFailed, NotInTime, Overloaded, outcomes
from bus.caller import PUBLISH_DEADLINE
from bus.encoding import decode
from bus.errors import MalformedMessage
from bus.provision import provision
from contracts.documents import AddType, TypeAdded, TypeRefused
from contracts.notices import CommandBuried
from services.discovery import consumers
from tests.bus.bench import CAUSE, Bench, caused_by
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long."""
    monkeypatch.setattr(outcomes, "PATIENCE", 0.2)
    monkeypatch.setattr(outcomes, "LITTLE_PATIENCE", 0.1)


async def test_an_outcome_in_time_is_returned(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("in-time"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        outcome = await bot.execute(AddType(name="Паспорта"))
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert outcome == type_added("Паспорта")
    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("LATE")


async def test_a_refusal_is_an_outcome_too(bench: Bench) -> None:
    async def add_type(command: AddType) -> TypeRefused:
        return TypeRefused(person_id=1001, name=command.name, reason="name_taken")

    bot, _ = await bench.bot(caused_by("refusal"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        outcome = await bot.execute(AddType(name="x"))

    assert outcome == TypeRefused(person_id=1001, name="x", reason="name_taken")


async def test_a_command_that_breaks_a_limit_is_not_published(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("limit"))
    with pytest.raises(MalformedMessage, match="length >= 1"):
        await bot.execute(AddType(name=""))
    assert await bench.is_empty("COMMANDS")


@pytest.mark.usefixtures("little_patience")
async def test_a_late_outcome_is_kept_for_the_chat_in_its_language(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("late"))
    with pytest.raises(NotInTime):
        await bot.execute(AddType(name="x"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))

    (late,) = await bench.stored("LATE")
    assert late.subject == "late.documents.type_added.documents.1001"
    assert late.data is not None
    assert b'"name":"x"' in late.data
    assert late.headers is not None
    assert late.headers["Chat"] == "1001"
    assert late.headers["Locale"] == "ru"
    assert late.headers["Actor"] == "1001@documents"
    assert late.headers["Causation-Id"] == "late-1"
    assert "Asker" not in late.headers
    assert await bench.count("EVENTS") == 1


async def test_the_outcome_for_a_bot_that_is_gone_is_late(bench: Bench) -> None:
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "gone-1", Asker="bot-that-died")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("LATE") == 1


async def test_without_a_chat_nobody_is_told(bench: Bench) -> None:
    bot, _ = await bench.bot(replace(CAUSE, message_id="no-chat", chat=None))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def add_type(command: AddType) -> TypeAdded:
        begun.set()
        await go_on.wait()
        return type_added(command.name)

    worker = await bench.worker(add_type)
    async with running(worker.run):
        execution = asyncio.create_task(bot.execute(AddType(name="x")))
        async with asyncio.timeout(60):
            await begun.wait()
        execution.cancel()
        await asyncio.wait([execution])
        go_on.set()
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("LATE")


async def test_what_was_only_sent_is_never_late(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("sent"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.send(AddType(name="x"))
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("LATE")


async def test_a_repeated_command_has_the_same_outcome_again(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("repeated"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        first = await bot.execute(AddType(name="x"), command_id="form-1")
        second = await bot.execute(AddType(name="x"), command_id="form-1")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert first == second == type_added("x")
    assert await bench.count("EVENTS") == 1
    assert await bench.is_empty("LATE")


async def test_an_offer_repeated_after_it_was_taken_is_not_late(bench: Bench) -> None:
    bot, waiting = await bench.bot(caused_by("offered-again"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.execute(AddType(name="x"), command_id="form-2")
        # Storage died before it could acknowledge, and handles the same message again.
        await bench.send(AddType(name="x"), "form-2", Asker=waiting.asker)
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.is_empty("LATE")


@pytest.mark.usefixtures("little_patience")
async def test_what_was_taken_once_is_late_when_the_repetition_gave_up(bench: Bench) -> None:
    bot, _ = await bench.bot(caused_by("gave-up"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.execute(AddType(name="x"), command_id="form-3")
        await eventually(lambda: bench.is_empty("COMMANDS"))
    with pytest.raises(NotInTime):  # the person was told that it will be confirmed
        await bot.execute(AddType(name="x"), command_id="form-3")
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))

    assert await bench.count("LATE") == 1


async def test_ids_are_derived_from_the_cause_and_repeat_with_it(bench: Bench) -> None:
    ids = []
    for _ in range(2):
        bot, _ = await bench.bot(caused_by("documents-99"))
        ids.append([bot.new_id(), bot.new_id()])
    assert ids == [["documents-99-1", "documents-99-2"]] * 2


async def test_who_waits_for_a_command_that_is_buried_is_told_so(bench: Bench) -> None:
    async def add_type(command: AddType) -> TypeAdded:
        raise ZeroDivisionError("a bug")

    bot, _ = await bench.bot(caused_by("buried"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        with pytest.raises(CommandFailed) as failed:
            await bot.execute(AddType(name="x"))

    assert len(failed.value.code) == 32
    assert await bench.count("DEAD") == 1
    assert await bench.is_empty("NOTICES")


async def test_who_was_told_accepted_is_told_of_the_burial_by_a_notice(bench: Bench) -> None:
    async def add_type(command: AddType) -> TypeAdded:
        raise ZeroDivisionError("a bug")

    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "buried-1", Asker="bot-that-died")
        await eventually(lambda: bench.is_empty("COMMANDS"))

    (notice,) = await bench.stored("NOTICES")
    assert notice.subject == "notice.answer.documents.1001"
    assert notice.data is not None
    buried = decode(CommandBuried, notice.data)
    assert (buried.app, buried.chat_id, buried.key) == ("documents", 1001, "buried-1")
    assert buried.code


async def test_a_full_stream_is_said_at_once(bench: Bench) -> None:
    await bench.fill("COMMANDS")
    bot, _ = await bench.bot(caused_by("full"))
    before = await bench.count("COMMANDS")
    async with asyncio.timeout(PUBLISH_DEADLINE):
        with pytest.raises(Overloaded):
            await bot.execute(AddType(name="x"))
        with pytest.raises(Overloaded):
            await bot.send(AddType(name="x"))
    assert await bench.count("COMMANDS") == before


async def test_events_wait_for_room_in_a_full_stream_and_keep_nobody_waiting(bench: Bench) -> None:
    await bench.fill("EVENTS")
    bot, _ = await bench.bot(caused_by("no-room"))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bot.execute(AddType(name="x"))
        assert await bench.count("COMMANDS") == 1  # it is in hand
        await provision(bench.url, bench.seed("operator"), consumers())
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert await bench.is_empty("DEAD")


async def test_an_offer_has_nothing_beside_its_subject_and_the_outcome(bench: Bench) -> None:
    link = await bench.link("bot")
    offers = await link.client.subscribe("outcome.bot-plain.*")
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="x"), "plain-1", Asker="bot-plain")
        offer = await offers.next_msg(timeout=60)
        await offer.respond(b"taken")
        await eventually(lambda: bench.is_empty("COMMANDS"))
    assert set(offer.headers or {}) <= {"Nats-Request-Info"}  # which the server adds
    assert b'"name":"x"' in offer.data
    assert await bench.is_empty("LATE")
