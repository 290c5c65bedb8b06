"""Each handling ends in one line; all lines of it say whose message it was, and no others do."""

import io
import json
import secrets
from typing import Any

import pytest
import structlog

from bus.middleware import retry
from contracts.documents import AddType, TypeAdded
from observability.discretion import person_hash, speak_of_people
from tests.bus.asking import answering, list_types
from tests.bus.bench import CAUSE, PERSON, Bench
from tests.bus.handlers import type_added
from tests.bus.waiting import eventually, running
from tests.observability.fixtures import written

__all__ = ["written"]

log = structlog.get_logger()
WHOSE = {"app", "consumer", "message", "message_id", "person", "trace_id", "span_id"}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines name people by a key of this test; bugs are tried again at once."""
    monkeypatch.setattr(retry, "ATTEMPT_DELAYS", (0.01,) * len(retry.ATTEMPT_DELAYS))
    speak_of_people(secrets.token_urlsafe())


def lines(stream: io.StringIO, *events: str) -> list[dict[str, Any]]:
    """Read the lines of these events back."""
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in found if line["event"] in events]


async def add_type(command: AddType) -> TypeAdded:
    """Say something, and fail for one name."""
    log.info("type.added")
    if command.name == "fails":
        raise KeyError(command.name)
    return type_added(command.name)


async def test_each_message_ends_in_one_line(bench: Bench, written: io.StringIO) -> None:
    worker = await bench.worker(add_type)
    async with running(worker.run):
        for name in ("a", "fails", "b"):
            await bench.send(AddType(name=name), f"c-{name}")
        headers = CAUSE.caused("c-unreadable").headers()
        await bench.send_bytes("command.documents.add_type", b"no JSON", headers)
        await eventually(lambda: bench.is_empty("COMMANDS"))

    ended = {line["message_id"]: line for line in lines(written, "message.handled")}
    assert len(ended) == len(lines(written, "message.handled")) == 4
    assert {of: line["outcome"] for of, line in ended.items()} == {
        "c-a": "handled",
        "c-fails": "dead",
        "c-b": "handled",
        "c-unreadable": "dead",
    }
    for line in ended.values():
        assert line["level"] == "info"
        assert line["duration"] > 0
        assert line["attempt"] == 1
        assert "content" not in line
    said = lines(written, "type.added", "handler.failed", "message.dead", "message.handled")
    assert len([line for line in said if line["message_id"] == "c-fails"]) == 4 + 4 + 2
    for line in said:
        assert line.keys() >= WHOSE
        assert line["person"] == person_hash(PERSON)
        assert (line["app"], line["consumer"]) == ("documents", "storage-documents")
        readable = line["message_id"] != "c-unreadable"
        assert line["message"] == ("AddType" if readable else "command.documents.add_type")
    names = {span.attributes.get("switchboard.person") for span in processed(bench)}
    assert names == {person_hash(PERSON)}


def processed(bench: Bench) -> list[Any]:
    """Return the spans of handling."""
    return [span for span in bench.spans.get_finished_spans() if span.name.startswith("process ")]


async def test_what_is_delivered_again_says_which_time_it_is(
    bench: Bench, written: io.StringIO
) -> None:
    await bench.send(AddType(name="a"), "c-a")
    jetstream = (await bench.link("storage")).jetstream
    first = await jetstream.pull_subscribe_bind("storage-documents", "COMMANDS")
    (message,) = await first.fetch(1, timeout=60)
    await message.nak()
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await eventually(lambda: bench.is_empty("COMMANDS"))
    (line,) = lines(written, "message.handled")
    assert (line["message_id"], line["attempt"], line["outcome"]) == ("c-a", 2, "handled")


async def test_each_answer_is_one_line(bench: Bench, written: io.StringIO) -> None:
    subject = "query.documents.list_types"
    operator = await bench.link("operator")
    async with answering(bench, list_types):
        for headers in (CAUSE.headers(), None):
            await operator.client.request(subject, b"{}", headers=headers, timeout=60)

        async def are_answered() -> bool:
            return len(lines(written, "query.answered")) == 2

        await eventually(are_answered)
    answered, refused = lines(written, "query.answered")
    assert (answered["outcome"], refused["outcome"]) == ("answered", "refused")
    assert answered["person"] == person_hash(PERSON)
    assert answered["message_id"] == CAUSE.message_id
    assert "person" not in refused
    for line in (answered, refused):
        assert (line["level"], line["query"], line["app"]) == ("info", subject, "documents")
        assert line["duration"] > 0
        assert line["trace_id"]


async def test_content_is_shown_where_it_is_wanted(bench: Bench, written: io.StringIO) -> None:
    speak_of_people(secrets.token_urlsafe(), content=True)
    worker = await bench.worker(add_type)
    async with running(worker.run):
        await bench.send(AddType(name="Дневник"), "c-a")
        await eventually(lambda: bench.is_empty("COMMANDS"))
    (line,) = lines(written, "message.handled")
    assert json.loads(line["content"])["name"] == "Дневник"
    assert line["person_id"] == PERSON
