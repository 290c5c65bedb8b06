"""Messages as AsyncAPI has them: title, summary, schemas and an example of each."""

import inspect
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from contracts.base import Command, Message, Query, app_of, kind_of, outcomes_of, reply_types_of
from contracts.messages import message_types
from contracts.notices import CommandBuried, Notice
from services.discovery import all_apps
from switchboard.asyncapi.headers import example_headers, header_schemas, headers_of

JSON = "application/json"
UPDATE, REFUSAL, DEAD_LETTER = "TelegramUpdate", "Refusal", "DeadLetter"
"""Messages that are no type of the contracts."""
TELEGRAM = "https://core.telegram.org/bots/api#update"

Examples = Mapping[str, Any]
"""A message by its name, as it travels."""


def described_types() -> tuple[type[Message], ...]:
    """Return every type of the contracts that travels."""
    return (*message_types(), Notice, CommandBuried)


def schemas() -> dict[str, Any]:
    """Return the JSON schemas of payloads, of their parts, and of headers."""
    _, found = msgspec.json.schema_components(
        described_types(), ref_template="#/components/schemas/{name}"
    )
    for schema in found.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    update = {
        "title": UPDATE,
        "description": "Telegram's Update, as Telegram sent it.",
        "type": "object",
        "properties": {"update_id": {"type": "integer"}},
        "required": ["update_id"],
        "externalDocs": {"url": TELEGRAM},
    }
    return dict(sorted((found | header_schemas() | {UPDATE: update}).items()))


def messages(examples: Examples) -> dict[str, Any]:
    """Return every message by its name."""
    found = {kind.__name__: _message(kind, examples) for kind in described_types()}
    found[UPDATE] = {
        **_common(UPDATE, "update", "What Telegram sent to a bot, as Telegram sent it.", ""),
        "payload": {"$ref": f"#/components/schemas/{UPDATE}"},
        "externalDocs": {"url": TELEGRAM},
        **_example(UPDATE, "update", examples.get(UPDATE, {}).get("body")),
    }
    found[REFUSAL] = {
        **_common(REFUSAL, "refusal", "A query was not answered; headers say why.", ""),
        "payload": {"type": "string", "maxLength": 0},
    }
    found[DEAD_LETTER] = {
        **_common(DEAD_LETTER, "dead", "A message nobody could handle, with its own body.", ""),
        "payload": {},
    }
    return dict(sorted(found.items()))


def _message(kind: type[Message], examples: Examples) -> dict[str, Any]:
    name, what = kind.__name__, kind_name(kind)
    summary, _, more = inspect.cleandoc(kind.__doc__ or "").partition("\n")
    found = {
        **_common(name, what, summary, more.strip()),
        "payload": {"$ref": f"#/components/schemas/{name}"},
        **_example(name, what, examples.get(name)),
    }
    if app_of(kind) in all_apps():
        found["tags"].append({"name": app_of(kind)})
    if issubclass(kind, Command):
        found["x-outcomes"] = [_reference(outcome) for outcome in outcomes_of(kind)]
    if issubclass(kind, Query):
        found["x-replies"] = [_reference(reply) for reply in reply_types_of(kind)]
    return found


def kind_name(kind: type[Message]) -> str:
    """Return what a message is: command, event, query, reply or notice."""
    return "notice" if kind in (Notice, CommandBuried) else kind_of(kind)


def _reference(kind: type[Message]) -> dict[str, str]:
    return {"$ref": f"#/components/messages/{kind.__name__}"}


def _common(name: str, what: str, summary: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize(),
        "summary": summary,
        **({"description": description} if description else {}),
        "contentType": JSON,
        "tags": [{"name": what}],
        "headers": headers_of(what),
    }


def _example(name: str, what: str, payload: Any) -> dict[str, Any]:
    if payload is None:
        return {}
    return {"examples": [{"name": name, "headers": example_headers(what), "payload": payload}]}
