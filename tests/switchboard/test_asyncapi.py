"""docs/asyncapi.json: as generated, valid, with all that travels and who says and hears it."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bus.topology import STREAMS
from bus.users import USERS
from contracts.base import Command, Event, Query, Reply, outcomes_of, reply_types_of, subject_of
from contracts.messages import message_types
from services.discovery import consumers
from switchboard.asyncapi.document import document, read_examples, written
from tests.known_names import UNHEARD
from tests.sources import ROOT
from tests.switchboard.command import run

GOLDEN = ROOT / "tests" / "contracts" / "golden"
COMMITTED = ROOT / "docs" / "asyncapi.json"
SCHEMA = Path(__file__).with_name("asyncapi-3.0.0.schema.json.gz")
"""github.com/asyncapi/spec-json-schemas, schemas/3.0.0.json, Apache License 2.0."""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return document(read_examples(GOLDEN))


def _names(references: list[dict[str, str]]) -> set[str]:
    return {reference["$ref"].rpartition("/")[2] for reference in references}


async def test_what_is_committed_is_what_the_command_says(found: dict[str, Any]) -> None:
    said = await run("asyncapi", "--examples", str(GOLDEN))
    assert (said.status, said.errors) == (0, "")
    assert said.output == written(found)
    assert COMMITTED.read_text(encoding="utf-8") == said.output, (
        "Messages are described otherwise than before: "
        "`.venv/bin/switchboard asyncapi > docs/asyncapi.json`, look it through, commit it."
    )


async def test_without_examples_it_says_so(tmp_path: Path) -> None:
    said = await run("asyncapi", "--examples", str(tmp_path))
    assert (said.status, said.output) == (1, "")
    assert "holds no examples" in said.errors


def test_it_is_valid_asyncapi(found: dict[str, Any]) -> None:
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    jsonschema.Draft7Validator(schema).validate(found)


def test_every_reference_leads_somewhere(found: dict[str, Any]) -> None:
    references = list(_references(found))
    assert len(references) > 500
    for reference in references:
        place: Any = found
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def _references(value: Any) -> "list[str]":
    if isinstance(value, Mapping):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for item in value.values() for each in _references(item)]
    return [each for item in value for each in _references(item)] if isinstance(value, list) else []


def test_every_message_is_described_with_a_valid_example(found: dict[str, Any]) -> None:
    components = found["components"]
    for kind in message_types():
        message = components["messages"][kind.__name__]
        assert message["summary"] == (kind.__doc__ or "").splitlines()[0]
        (example,) = message["examples"]
        for part in ("payload", "headers"):
            schema = {**message[part], "components": components}
            jsonschema.Draft202012Validator(schema).validate(example[part])


def test_every_subject_has_its_channel_outcomes_and_replies(found: dict[str, Any]) -> None:
    for kind in message_types():
        message = found["components"]["messages"][kind.__name__]
        if issubclass(kind, Reply):
            continue
        assert list(found["channels"][subject_of(kind)]["messages"]) == [kind.__name__]
        asking = [
            operation
            for operation in found["operations"].values()
            if operation["channel"]["$ref"] == f"#/channels/{subject_of(kind)}"
        ]
        if issubclass(kind, Command):
            wanted = {outcome.__name__ for outcome in outcomes_of(kind)}
            assert _names(message["x-outcomes"]) == wanted
        elif issubclass(kind, Query):
            wanted = {reply.__name__ for reply in reply_types_of(kind)}
            assert _names(message["x-replies"]) == wanted
            wanted |= {"Refusal"}
        else:
            continue
        assert {operation["action"] for operation in asking} == {"send", "receive"}
        assert all(_names(operation["reply"]["messages"]) == wanted for operation in asking)


def test_everything_is_said_by_somebody_who_may(found: dict[str, Any]) -> None:
    for key, channel in found["channels"].items():
        assert channel["x-senders"], f"nobody says {key}"
        for service in channel["x-senders"]:
            user = USERS[service]
            assert (
                channel["address"] is None
                or key == "dead"
                or user.everything
                or any(_covers(pattern, channel["address"]) for pattern in user.publishes)
            ), f"{service} may not publish {channel['address']}"


def _covers(pattern: str, address: str) -> bool:
    """Whether a permission goes for an address, whose parameters may be anything."""
    wanted, there = pattern.split("."), address.split(".")
    if wanted[-1] == ">":
        wanted, there = wanted[:-1], there[: len(wanted) - 1]
    return len(wanted) == len(there) and all(
        token == "*" or token == given or given.startswith("{")
        for token, given in zip(wanted, there, strict=True)
    )


def test_who_hears_what_is_who_handles_it(found: dict[str, Any]) -> None:
    unheard = {
        name
        for channel in found["channels"].values()
        for name in channel["messages"]
        if not channel["x-receivers"]
    }
    assert unheard == UNHEARD
    for stream, described in found["x-streams"].items():
        assert described["description"] == STREAMS[stream].description
        names = {consumer.name for consumer in consumers() if consumer.stream == stream}
        assert set(described["consumers"]) == names
    through = {
        name
        for operation in found["operations"].values()
        for name in operation.get("x-consumers", [])
    }
    heard = {each.name for each in consumers() if each.stream in ("COMMANDS", "EVENTS")}
    assert heard <= through


@pytest.mark.parametrize(
    ("message", "senders", "receivers"),
    [
        ("AddDocument", ["bot"], ["storage"]),
        ("RemindOfExpiry", ["storage"], ["storage"]),
        ("UploadKept", ["files"], ["storage"]),
        ("ChangeReachability", ["bot", "notifier"], ["storage"]),
        ("GetLink", ["files"], ["query"]),
        ("ExpiryNear", ["storage"], ["notifier"]),
    ],
)
def test_both_ends_are_found(
    found: dict[str, Any], message: str, senders: list[str], receivers: list[str]
) -> None:
    (kind,) = (each for each in message_types() if each.__name__ == message)
    channel = found["channels"][subject_of(kind)]
    assert (channel["x-senders"], channel["x-receivers"]) == (senders, receivers)
    assert issubclass(kind, Command | Event | Query)
