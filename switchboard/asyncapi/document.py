"""The whole document, and the examples that go into it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bus.responder import QUEUE_GROUP
from bus.topology import DAY, STREAMS
from services.discovery import consumers
from services.run import SERVICES
from switchboard.asyncapi.channels import Channel, channels
from switchboard.asyncapi.messages import JSON, Examples, messages, schemas
from switchboard.errors import Trouble

VERSION = "1.0.0"
"""Of the contracts; the first number counts changes that old messages do not survive."""
_DESCRIPTION = """\
Every message on the bus: what it looks like, who sends it and who receives it. One document for all
services: each operation names its service in `x-service`; `send` and `receive` are meant as that
service sees them.

A command ends in exactly one of its outcomes, which are events: one goes to whoever still waits
(`outcome`), and to everyone (`event`). A query is answered by one of its replies, or refused by a
message with the header Nats-Service-Error. Written by `switchboard asyncapi` from the contracts."""


def document(examples: Examples) -> dict[str, Any]:
    """Return the AsyncAPI document of this version of the code."""
    found = channels()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Switchboard",
            "version": VERSION,
            "description": _DESCRIPTION,
            "tags": [
                {"name": name, "description": description}
                for name, description in SERVICES.items()
                if name != "playground"
            ],
        },
        "defaultContentType": JSON,
        "servers": {
            "bus": {
                "host": "{address}",
                "protocol": "nats",
                "description": "NATS with JetStream; each service is a user with its own nkey.",
                "variables": {"address": {"default": "127.0.0.1:4222", "description": "NATS_URL"}},
                "security": [{"$ref": "#/components/securitySchemes/nkey"}],
            }
        },
        "channels": {channel.key: channel.as_object() for channel in found},
        "operations": dict(operation for channel in found for operation in _operations(channel)),
        "components": {
            "schemas": schemas(),
            "messages": messages(examples),
            "securitySchemes": {
                "nkey": {
                    "type": "asymmetricEncryption",
                    "description": "An nkey: the server knows its public half, NATS_SEED_<USER>"
                    " is the private one.",
                }
            },
        },
        "x-streams": _streams(),
    }


def _operations(channel: Channel) -> Iterator[tuple[str, dict[str, Any]]]:
    if channel.kind == "reply":  # said by the operations that ask and answer
        return
    for action, services in (("send", channel.senders), ("receive", channel.receivers)):
        for service in services:
            found: dict[str, Any] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{channel.key}"},
                "title": f"{service} {action}s {channel.address}",
                "messages": _of(channel.key, channel.messages),
                "tags": [{"name": service}],
                "x-service": service,
            }
            if channel.reply:
                found["reply"] = {
                    "channel": {"$ref": f"#/channels/{channel.reply}"},
                    "messages": _of(channel.reply, channel.answers),
                }
            if action == "receive" and channel.kind == "query":
                found["bindings"] = {"nats": {"queue": QUEUE_GROUP, "bindingVersion": "0.1.0"}}
            if action == "receive" and channel.consumers.get(service):
                found["x-consumers"] = [each.name for each in channel.consumers[service]]
            yield f"{service}.{action}.{channel.key}", found


def _of(channel: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names]


def _streams() -> dict[str, Any]:
    found = {}
    for stream in STREAMS.values():
        days = (stream.max_age or 0) / DAY
        found[str(stream.name)] = {
            "description": stream.description,
            "subjects": stream.subjects,
            "kept": f"{days:.0f} days" if days else "until handled",
            "metadata": stream.metadata,
            "consumers": {
                each.name: {"description": each.description, "subjects": list(each.subjects)}
                for each in consumers()
                if each.stream == stream.name
            },
        }
    return found


def read_examples(folder: Path) -> Examples:
    """Read the messages of golden files. Raises `Trouble` where there are none."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise Trouble(f"{folder} holds no examples of messages.")
    return {
        name: example["message"]
        for file in files
        for name, example in json.loads(file.read_text(encoding="utf-8")).items()
    }


def written(found: dict[str, Any]) -> str:
    """Return the document as it is committed."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
