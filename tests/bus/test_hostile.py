"""Nothing that a message can consist of ends a service or is lost: DEAD holds it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from nats.errors import MaxPayloadError

from bus.letters import ORIGINAL_SUBJECT
from contracts.documents import AddType
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type
from tests.bus.hostile import Wire, hearers, publish
from tests.bus.waiting import eventually, running

T = TypeVar("T")

KINDS = ["command", "update", "event", "late", "notice"]
OURS = ["Message-Id", "Actor", "Chat", "Asker", "Locale", "traceparent", "tracestate", "baggage"]
FOREIGN = ["Status", "Nats-Msg-Id-2", "Nats-Rollup-Of", "Dead-Reason", "a b", "(c)", "é", "X" * 300]

names = st.one_of(st.sampled_from([*OURS, *FOREIGN]), st.text(max_size=20))
values = st.one_of(st.text(max_size=60), st.sampled_from(["503", "1001@documents", "\x00", "%ff"]))
blocks = st.dictionaries(names, values, max_size=6).map(
    lambda headers: "".join(
        ["NATS/1.0\r\n", *(f"{name}: {value}\r\n" for name, value in headers.items()), "\r\n"]
    ).encode("utf-8", "surrogatepass")
)
inline = st.binary(max_size=20).map(lambda status: b"NATS/1.0 " + status + b"\r\n\r\n")
header_blocks = st.one_of(st.none(), blocks, inline, st.binary(min_size=1, max_size=60))
bodies = st.one_of(st.binary(max_size=200), st.text(max_size=50).map(str.encode))

token = (
    st.binary(min_size=1, max_size=40)
    .map(lambda raw: raw.translate(None, b" \t\r\n.*>\x7f"))
    .filter(bool)
)
"""Of a subject, in whatever bytes NATS delivers: wildcards and DEL are stored, and stay there."""


async def meets(bench: Bench, wire: Wire) -> None:
    """Have a message meet its reader, and see it buried."""
    before = await bench.count("DEAD")
    if await publish(bench, wire):
        await eventually(lambda: has_dead(bench, before + 1))


async def has_dead(bench: Bench, count: int) -> bool:
    """Whether DEAD holds so many."""
    return await bench.count("DEAD") == count


def in_loop(coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """Run in the loop of the test, from the thread in which hypothesis runs."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result()


async def still_works(bench: Bench, number: str) -> None:
    """Have the worker of commands do what it is there for."""
    before = await bench.count("EVENTS")
    await bench.send(AddType(name="x"), f"after-{number}")
    await eventually(lambda: has_events(bench, before + 1))


async def has_events(bench: Bench, count: int) -> bool:
    """Whether so many outcomes were published."""
    return await bench.count("EVENTS") == count


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_a_message_consists_of_it_is_dead_and_others_go_on(
    bench: Bench, kind: str
) -> None:
    reading = await hearers(bench, kind)
    loop = asyncio.get_running_loop()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @example(header_block=b"NATS/1.0 503\r\n\r\n", body=b"")
    @example(header_block=b"NATS/1.0\r\nStatus: 503\r\n\r\n", body=b"")
    @example(header_block=b"NATS/1.0 \xff\xff\xff\r\n\r\n", body=b"")
    @example(header_block=b"N", body=b"[" * 9999)
    @given(header_block=header_blocks, body=bodies)
    def whatever(header_block: bytes | None, body: bytes) -> None:
        in_loop(meets(bench, Wire(reading.subject, header_block, body)), loop)

    async with running(*(worker.run for worker in reading.workers)):
        await asyncio.to_thread(whatever)


@pytest.mark.parametrize("kind", ["update", "late", "notice"])
async def test_whatever_a_subject_consists_of_its_message_is_dead(bench: Bench, kind: str) -> None:
    reading = await hearers(bench, kind)
    loop = asyncio.get_running_loop()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @example(chat=b"\xff\xfe")
    @example(chat=b"a\x0bb\x0c")
    @example(chat="\u00a0\u2028".encode())
    @example(chat=b"a" * 1800)
    @given(chat=token)
    def whatever(chat: bytes) -> None:
        front = reading.subject.rpartition(b".")[0]
        in_loop(meets(bench, Wire(front + b"." + chat, None, b"{}")), loop)

    async with running(*(worker.run for worker in reading.workers)):
        await asyncio.to_thread(whatever)
        await publish(bench, Wire(reading.subject.rpartition(b".")[0] + b".\xff", None, b"{}"))

    buried = await bench.stored("DEAD")
    assert all((letter.subject or "").startswith(f"dead.{kind}.") for letter in buried)
    assert any(ORIGINAL_SUBJECT in (letter.headers or {}) for letter in buried)


async def test_a_body_as_large_as_the_server_takes_is_buried_cut(bench: Bench) -> None:
    most = (await bench.link("operator")).client.max_payload
    headers = b"NATS/1.0\r\nMessage-Id: c-1\r\n\r\n"
    body = b"x" * (most - len(headers))
    worker = await bench.worker(add_type)
    async with running(worker.run):
        assert await publish(bench, Wire(b"command.documents.add_type", headers, body))
        dead = await bench.dead_letter()
        await still_works(bench, "large")

    assert dead.headers is not None
    assert dead.headers["Dead-Truncated"] == str(len(body))
    assert dead.headers["Message-Id"] == "c-1"
    assert dead.data
    assert body.startswith(dead.data)


@pytest.mark.parametrize(("count", "length"), [(900, 50), (3, 20_000), (6000, 1)])
async def test_headers_beyond_what_a_stream_keeps_leave_room_for_why_it_is_dead(
    bench: Bench, count: int, length: int
) -> None:
    foreign = b"".join(b"H%d: %s\r\n" % (n, b"v" * length) for n in range(count))
    headers = b"NATS/1.0\r\nMessage-Id: c-2\r\n" + foreign + b"\r\n"
    worker = await bench.worker(add_type)
    async with running(worker.run):
        assert await publish(bench, Wire(b"command.documents.add_type", headers, b"no JSON"))
        dead = await bench.dead_letter()
        await still_works(bench, f"headers-{count}")

    assert dead.headers is not None
    assert dead.headers["Message-Id"] == "c-2"
    assert dead.data == b"no JSON"
    assert "H1" not in dead.headers


async def test_too_large_with_its_headers_is_refused_without_losing_the_connection(
    bench: Bench,
) -> None:
    link = await bench.link("bot")
    subject, body = "command.documents.add_type", b"x" * (link.client.max_payload - 20)
    with pytest.raises(MaxPayloadError):
        await link.client.publish(subject, body, headers=CAUSE.headers())
    assert link.client.is_connected
    await (await bench.publisher("bot")).publish(subject, b"{}", CAUSE.headers(), deadline=5)
