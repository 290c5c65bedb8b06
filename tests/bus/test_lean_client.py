"""The lean client asks, says and reads as nats-py's own does, whatever comes."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.errors import (
    BadHeaderError,
    BadSubjectError,
    NoRespondersError,
    OutboundBufferLimitError,
)
from nats.errors import TimeoutError as NatsTimeoutError
from nats.protocol.parser import Parser

from bus.client import Client
from bus.connection import CLIENTS, connect
from bus.headers import encode_headers, read_headers
from bus.lean_parser import LeanParser
from tests.bus.bench import Bench
from tests.bus.waiting import eventually

ANSWER_WITHIN = 60.0

names = st.one_of(st.sampled_from(["Message-Id", "Actor", " a", "a b", "", "é"]), st.text())
values = st.one_of(st.sampled_from(["1001@documents", " x ", "", "a\r\nb: c", "é"]), st.text())
lines = st.tuples(st.binary(max_size=9), st.sampled_from([b": ", b":", b""]), st.binary(max_size=9))
blocks = st.lists(lines.map(b"".join), max_size=5).map(
    lambda found: b"NATS/1.0\r\n" + b"".join(line + b"\r\n" for line in found) + b"\r\n"
)


class Writing(NatsClient):
    """nats-py's client, of which only what it would write is wanted."""

    async def _send_command(self, cmd: bytes, priority: bool = False) -> None:
        self.written = bytes(cmd)


class Reading:
    """What a parser reads, in the place of a client."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def hears(self, *_: Any) -> bool:
        """Leave everything to be processed."""
        return False

    async def _process_msg(self, *what: Any) -> None:
        self.heard.append((*what[:4], what[4] or b""))

    async def _process_ping(self) -> None:
        self.heard.append(("ping",))

    async def _process_err(self, text: str) -> None:
        self.heard.append((text,))


@given(headers=st.dictionaries(names, values, min_size=1, max_size=4))
async def test_headers_are_written_as_nats_py_writes_them(headers: dict[str, str]) -> None:
    theirs = Writing()
    try:
        await theirs._send_publish("a", "", b"", 0, headers)
    except (BadHeaderError, UnicodeEncodeError) as error:
        with pytest.raises(type(error)):
            encode_headers(headers)
    else:
        assert theirs.written.split(b"\r\n", 1)[1] == encode_headers(headers) + b"\r\n"


@given(block=st.one_of(blocks, st.binary()))
async def test_headers_that_are_read_by_a_split_are_what_nats_py_reads(block: bytes) -> None:
    found = read_headers(block)
    assert found is None or found == await NatsClient()._process_headers(block)


messages = st.builds(
    lambda subject, reply, block, data: (
        b"HMSG %b 7 %b%d %d\r\n%b%b\r\n"
        % (subject, reply, len(block), len(block) + len(data), block, data)
        if block
        else b"MSG %b 7 %b%d\r\n%b\r\n" % (subject, reply, len(data), data)
    ),
    st.sampled_from([b"a.b", b"\xff", b"a\x0bb"]),
    st.sampled_from([b"", b"_INBOX.x "]),
    st.one_of(st.just(b""), blocks),
    st.one_of(st.binary(max_size=9), st.sampled_from([b"MSG a 1 3\r\n", b"x" * 5000])),
)
controls = st.sampled_from([b"PING\r\n", b"-ERR 'Permissions Violation'\r\n"])


@given(said=st.lists(st.one_of(messages, controls), max_size=6), size=st.integers(1, 3000))
async def test_what_comes_in_pieces_is_read_as_nats_py_reads_it(
    said: list[bytes], size: int
) -> None:
    ours, theirs = Reading(), Reading()
    lean, plain = LeanParser(ours), Parser(theirs)
    stream = b"".join(said)
    for at in range(0, len(stream), size):
        await lean.parse(stream[at : at + size])
        await plain.parse(stream[at : at + size])
    assert ours.heard == theirs.heard


@pytest.fixture(params=list(CLIENTS))
async def client(request: pytest.FixtureRequest, bench: Bench) -> Any:
    """Either client, connected as one who may say everything."""
    make = CLIENTS[request.param]
    async with connect(bench.url, "operator", bench.seed("operator"), make_client=make) as link:
        yield link.client


async def test_answers_come_to_who_asked(client: Client) -> None:
    def answer(message: Msg) -> None:
        answering.add(asyncio.ensure_future(client.publish(message.reply, message.data)))

    answering: set[asyncio.Future[None]] = set()
    await client.listen("some.question", answer)
    asking = [
        client.request("some.question", b"%d" % n, timeout=ANSWER_WITHIN, headers={"A": "b"})
        for n in range(50)
    ]
    assert [message.data for message in await asyncio.gather(*asking)] == [
        b"%d" % n for n in range(50)
    ]


async def test_nobody_and_nothing_are_told_apart(client: Client) -> None:
    with pytest.raises(NoRespondersError):
        await client.request("nobody.is.there", timeout=ANSWER_WITHIN)
    await client.listen("some.silence", lambda _: None)
    with pytest.raises(NatsTimeoutError):
        await client.request("some.silence", timeout=0.01)


async def test_an_answer_that_comes_late_or_twice_is_nobodys(client: Client) -> None:
    asked: list[Msg] = []
    await client.listen("some.late", asked.append)
    with pytest.raises(NatsTimeoutError):
        await client.request("some.late", timeout=0.05)
    asking = asyncio.create_task(client.request("some.late", timeout=ANSWER_WITHIN))

    async def were_asked() -> bool:
        return len(asked) == 2

    await eventually(were_asked)
    for message, answer in [(asked[0], b"late"), (asked[1], b"first"), (asked[1], b"second")]:
        await client.publish(message.reply, answer)
    assert (await asking).data == b"first"


async def test_a_subject_with_a_gap_is_refused(client: Client) -> None:
    for subject in ("", "a b", "a\r\nPUB b 0\r\n", "a\tb"):
        with pytest.raises(BadSubjectError):
            await client.publish(subject)
    with pytest.raises(BadSubjectError):
        await client.publish("a", reply="b\r\n")


async def test_a_receiver_that_fails_ends_nothing(client: Client) -> None:
    heard: list[bytes] = []

    def fail(message: Msg) -> None:
        heard.append(message.data)
        raise ValueError("as a test wants it")

    await client.listen("some.trouble", fail)
    for body in (b"1", b"2"):
        await client.publish("some.trouble", body)

    async def were_heard() -> bool:
        return heard == [b"1", b"2"]

    await eventually(were_heard)


async def test_who_is_in_flight_at_a_restart_waits_its_time_and_asks_again(
    client: Client, bench: Bench
) -> None:
    await client.listen("some.restart", lambda _: None)
    asking = asyncio.create_task(client.request("some.restart", timeout=1.0))
    await bench.servers.stop("nats")
    with pytest.raises((NatsTimeoutError, OutboundBufferLimitError)):
        await asking
    with pytest.raises(OutboundBufferLimitError):
        await client.publish("some.restart")
    with pytest.raises(OutboundBufferLimitError):
        client.say("some.restart")
    await bench.servers.start("nats")

    async def is_back() -> bool:
        return client.is_connected

    await eventually(is_back)
    assert await client.request("$JS.API.INFO", timeout=ANSWER_WITHIN)
