"""Replaying dead letters: to where they came from, once, under a linked trace."""

import asyncio
from typing import Any

import pytest
from nats.js.api import RawStreamMsg

from bus import CommandFailed
from bus.errors import NotPublished
from bus.graveyard import Graveyard
from bus.middleware import retry
from bus.replaying import REPLAY_OF, NotReplayable, Replayed, replay
from contracts.documents import AddType, TypeAdded
from tests.bus.bench import Bench
from tests.bus.burying import ADD_TYPE, BODY, ORIGIN, OWN, TRACE, bury, letters_of
from tests.bus.handlers import add_type, type_added
from tests.bus.waiting import eventually, running


async def send_again(bench: Bench, number: int) -> Replayed:
    """Replay as the operator."""
    publisher = await bench.publisher("operator")
    return await replay(Graveyard(publisher.link), publisher, number)


async def only_message(bench: Bench, stream: str) -> RawStreamMsg:
    """Return the one message of a stream."""
    (message,) = await bench.stored(stream)
    return message


async def test_a_command_comes_back_as_it_was(bench: Bench) -> None:
    replayed = await send_again(bench, await bury(bench))
    assert await letters_of(bench) == []
    command = await only_message(bench, "COMMANDS")
    assert (command.subject, command.data) == (ADD_TYPE, BODY)
    assert command.headers
    own = {name: value for name, value in OWN.items() if name != "traceparent"}
    assert command.headers.items() >= own.items()
    assert not [name for name in command.headers if name.startswith("Dead-")]
    assert replayed.trace_id in command.headers["traceparent"]


async def test_the_new_trace_is_linked_to_the_old_one(bench: Bench) -> None:
    replayed = await send_again(bench, await bury(bench))
    (span,) = [span for span in bench.spans.get_finished_spans() if span.name.startswith("replay")]
    assert span.context
    assert span.parent is None
    assert f"{span.context.trace_id:032x}" == replayed.trace_id != TRACE
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [TRACE]
    command = await only_message(bench, "COMMANDS")
    assert command.headers
    assert command.headers[REPLAY_OF] == ORIGIN


async def test_an_update_goes_back_to_the_partition_of_its_chat(bench: Bench) -> None:
    await bench.send_bytes("update.documents.1001", b"{}", {"Message-Id": "documents-1"})
    stored = (await only_message(bench, "UPDATES")).subject
    assert stored
    await (await bench.link("operator")).jetstream.purge_stream("UPDATES")
    replayed = await send_again(bench, await bury(bench, stored, b"{}"))
    assert replayed.subject == "update.documents.1001"
    assert (await only_message(bench, "UPDATES")).subject == stored != replayed.subject


async def test_a_stream_does_not_take_a_replay_for_a_repetition(bench: Bench) -> None:
    operator = await bench.publisher("operator")
    subject = "event.documents.type_added"
    await operator.publish(subject, b"{}", OWN, deduplicate="documents-8-1")
    await send_again(bench, await bury(bench, subject, headers={**OWN, "Nats-Msg-Id": "x"}))
    assert len(await bench.stored("EVENTS")) == 2


async def test_two_operators_at_once_send_it_once(bench: Bench) -> None:
    number = await bury(bench)
    both = await asyncio.gather(
        *(send_again(bench, number) for _ in range(2)), return_exceptions=True
    )
    assert any(isinstance(replayed, Replayed) for replayed in both)
    await only_message(bench, "COMMANDS")
    assert await letters_of(bench) == []


async def test_a_crash_before_the_removal_is_made_good_by_a_second_try(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await bury(bench)

    async def crash(*_: Any) -> bool:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(Graveyard, "remove", crash)
        with pytest.raises(ConnectionResetError):
            await send_again(bench, number)
    assert [letter.seq for letter in await letters_of(bench)] == [number]
    assert (await send_again(bench, number)).before
    await only_message(bench, "COMMANDS")
    assert await letters_of(bench) == []


@pytest.mark.parametrize(
    ("subject", "headers", "why"),
    [
        (ADD_TYPE, {"Dead-Truncated": "2000000"}, f"cut from 2000000 to {len(BODY)} bytes"),
        ("outcome.bot-1.c-1", {}, "no stream takes outcome.bot-1.c-1"),
        (ADD_TYPE, {"Dead-Subject": "command.a%20b"}, "its subject is none that can be"),
    ],
)
async def test_what_cannot_be_sent_again_stays(
    bench: Bench, subject: str, headers: dict[str, str], why: str
) -> None:
    number = await bury(bench, subject, headers={**OWN, **headers})
    with pytest.raises(NotReplayable, match=why):
        await send_again(bench, number)
    assert [letter.seq for letter in await letters_of(bench)] == [number]


async def test_a_subject_that_no_stream_has_is_not_waited_for_for_ever(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.replaying.DEADLINE", 0.5)
    number = await bury(bench, "update.a.b.c.d")
    with pytest.raises(NotPublished):
        await send_again(bench, number)
    assert [letter.seq for letter in await letters_of(bench)] == [number]


async def test_who_was_told_of_the_failure_is_told_the_outcome_of_the_replay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot still lives and remembers that it took an answer: that was another one."""
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.01,))
    broken = True

    async def add_type(command: AddType) -> TypeAdded:
        if broken:
            raise KeyError("a bug")
        return type_added(command.name)

    bot, _ = await bench.bot()
    worker = await bench.worker(add_type)
    async with running(worker.run):
        with pytest.raises(CommandFailed) as failed:
            await bot.execute(AddType(name="x"), "c-9")
        (letter,) = await letters_of(bench)
        assert letter.trace_id == failed.value.code
        broken = False
        await send_again(bench, letter.seq)
        await eventually(lambda: bench.count("LATE"))
    late = await only_message(bench, "LATE")
    assert (late.subject or "").startswith("late.documents.type_added")
    assert late.headers
    assert (late.headers["Causation-Id"], late.headers["Chat"]) == ("c-9", "1001")


async def test_what_dies_again_is_a_letter_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", ())
    first = await bury(bench, body=b"not JSON")
    async with running((await bench.worker(add_type)).run):
        await send_again(bench, first)
        await eventually(lambda: bench.count("DEAD"))
    (letter,) = await letters_of(bench)
    assert letter.seq > first
    assert letter.headers[REPLAY_OF] == ORIGIN
    assert letter.trace_id != TRACE
