"""NATS: strangers, floods, and headers by which a message would do more than be stored."""

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError
from pydantic import SecretStr

from bus.accounts import CONNECTIONS
from bus.connection import connect
from bus.server_config import MAX_PAYLOAD
from switchboard.keys import new_seed
from tests.bus.bench import Bench
from tests.bus.refusals import connected
from tests.bus.waiting import eventually

STRANGERS: dict[str, Callable[[Bench], dict[str, str]]] = {
    "nobody": lambda _: {},
    "a key that nobody knows": lambda _: {"nkeys_seed_str": new_seed()},
    "a password": lambda _: {"user": "operator", "password": "operator"},
    "a token": lambda _: {"token": "operator"},
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=list(STRANGERS))
async def test_who_is_not_let_in(bench: Bench, stranger: Callable[[Bench], dict[str, str]]) -> None:
    async def silent(_: Exception) -> None:
        """Take errors that are also raised."""

    with pytest.raises(NatsError, match=r"(?i)authorization"):
        await nats.connect(
            bench.url,
            allow_reconnect=False,
            max_reconnect_attempts=0,
            error_cb=silent,
            **stranger(bench),
        )


HUNG_UP = re.compile(r"payload violation|reset by peer|broken pipe|unexpected eof")

HEADERS: dict[str, dict[str, str]] = {
    "wipe the stream": {"Nats-Rollup": "all"},
    "wipe the subject": {"Nats-Rollup": "sub"},
    "pass away by itself": {"Nats-TTL": "1s"},
    "be published later, elsewhere": {
        "Nats-Schedule": "@at 2030-01-01T00:00:00Z",
        "Nats-Schedule-Target": "command.people.erase_person",
    },
    "be part of a batch": {"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1"},
    "count something": {"Nats-Incr": "+1"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=list(HEADERS))
async def test_no_header_makes_a_command(bench: Bench, headers: dict[str, str]) -> None:
    await bench.send_bytes("command.documents.add_type", b"{}", {})
    async with connected(bench, "bot") as (thief, _):
        with pytest.raises(APIError):
            await thief.jetstream().publish("command.documents.add_type", b"{}", headers=headers)
        # The same without the header is taken.
        await thief.jetstream().publish("command.documents.add_type", b"{}")
    assert await bench.count("COMMANDS") == 2


async def test_a_message_id_of_another_stream_is_not_used_up(bench: Bench) -> None:
    async with connected(bench, "bot") as (thief, _), connected(bench, "gateway") as (gateway, _):
        same = {"Nats-Msg-Id": f"documents:{secrets.token_hex(4)}"}
        first = await thief.jetstream().publish("command.documents.x", b"{}", headers=same)
        again = await thief.jetstream().publish("command.documents.x", b"{}", headers=same)
        update = await gateway.jetstream().publish("update.documents.1", b"{}", headers=same)
    assert (bool(first.duplicate), bool(again.duplicate)) == (False, True)
    assert not update.duplicate
    assert await bench.count("UPDATES") == 1


@pytest.mark.parametrize(
    ("size", "stored"),
    [
        pytest.param(MAX_PAYLOAD, 1, id="as large as may be"),
        pytest.param(MAX_PAYLOAD + 1, 0, id="larger"),
    ],
)
async def test_the_server_takes_a_message(bench: Bench, size: int, stored: int) -> None:
    async with connected(bench, "bot") as (thief, refusals):
        thief._max_payload = size  # a client that does not count
        await thief.publish("command.documents.x", bytes(size))
        if stored:
            await thief.flush()
        else:
            # The server says why and hangs up; a client that still writes may miss the first.
            assert HUNG_UP.search(await refusals.next())
            assert await bench.count("COMMANDS") == 0
    if stored:  # a stream takes it after the server has
        await eventually(lambda: bench.count("COMMANDS"))


async def test_who_opens_all_connections_leaves_others_theirs(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            await stack.enter_async_context(connected(bench, "bot"))
        with pytest.raises(NatsError, match=r"(?i)maximum account active connections"):
            await _connect_once(bench.url, bench.seed("bot"))
        async with connect(bench.url, "notifier", bench.seed("notifier")) as link:
            assert link.client.is_connected


async def _connect_once(url: str, seed: SecretStr) -> Client:
    refused: asyncio.Queue[Exception] = asyncio.Queue()
    try:
        client = await nats.connect(
            url,
            nkeys_seed_str=seed.get_secret_value(),
            allow_reconnect=False,
            max_reconnect_attempts=0,
            error_cb=refused.put,
        )
    except NatsError:
        raise await asyncio.wait_for(refused.get(), 60) from None
    return client
