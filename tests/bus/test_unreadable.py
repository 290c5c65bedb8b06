"""What cannot be read is dead at once, with the reason, and nothing else stops for it."""

from urllib.parse import unquote

import pytest

from bus.topology import service_consumer
from contracts.documents import AddType
from tests.bus.bench import CAUSE, Bench
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually, running

SUBJECT = "command.documents.add_type"
PAYLOAD = b'{"type":"AddType","name":"Passports"}'


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"no JSON", "JSON is malformed"),
        (b'{"type":"AddType","name":"\xff"}', "utf-8"),
        (b'{"type":"AddType","name":"x","y":' + b"[" * 9999 + b"]" * 9999 + b"}", "recursion"),
        (b'{"type":"AddType","name":""}', "length >= 1"),
        (b'{"type":"AddType"}', "missing required field `name`"),
        (
            b'{"type":"DeleteDocument","document_id":1,"version":1}',
            "Invalid value 'DeleteDocument'",
        ),
    ],
    ids=["no JSON", "no UTF-8", "too deep", "limit broken", "field missing", "another type"],
)
async def test_what_cannot_be_read_is_dead_at_once(
    bench: Bench, payload: bytes, reason: str
) -> None:
    headers = CAUSE.headers() | {"Nats-Msg-Id": f"{reason} {len(payload)}", "Nats-Foreign": "1"}
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send_bytes(SUBJECT, payload, headers)
        dead = await bench.dead_letter()
        # The one after it is handled: nothing of the worker broke.
        await bench.send(AddType(name="x"), f"after-{len(payload)}")
        await eventually(lambda: bench.count("EVENTS"))

    assert dead.subject == f"dead.{SUBJECT}"
    assert dead.data == payload
    assert dead.headers is not None
    assert reason in unquote(dead.headers["Dead-Reason"])
    assert dead.headers["Dead-Attempts"] == "1"
    assert dead.headers["Actor"] == "1001@documents"
    assert "Nats-Foreign" not in dead.headers
    assert dead.headers["Nats-Msg-Id"] != headers["Nats-Msg-Id"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "Message-Id is missing"),
        ({"Message-Id": "c-1"}, "nobody acts"),
        ({"Message-Id": "c-1", "Actor": "9" * 5000 + "@documents"}, "Actor"),
        ({"Message-Id": "c.>", "Actor": "1001@documents"}, "Message-Id is not an id"),
    ],
    ids=["no id", "no actor", "endless actor", "wildcard id"],
)
async def test_a_message_with_wrong_headers_is_dead_at_once(
    bench: Bench, headers: dict[str, str], reason: str
) -> None:
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send_bytes(SUBJECT, PAYLOAD, headers)
        dead = await bench.dead_letter()

    assert dead.headers is not None
    assert reason in unquote(dead.headers["Dead-Reason"])


async def test_a_message_nobody_handles_is_dead_at_once(bench: Bench) -> None:
    subjects = (SUBJECT, "command.documents.delete_document")
    heard = service_consumer("storage", "documents", "COMMANDS", subjects)
    worker = await bench.worker(add_type, consumer=heard)
    async with running(worker.run):
        await bench.send_bytes(subjects[1], b"{}", CAUSE.headers())
        dead = await bench.dead_letter()

    assert dead.headers is not None
    assert f"nobody handles {subjects[1]} here" in dead.headers["Dead-Reason"]
