"""JSON schemas in words: types, limits and defaults, as a table of fields shows them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_RANGES = (
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
    ("minimum", "maximum", ""),
)
_LIMITS = {"exclusiveMinimum": "above {}", "exclusiveMaximum": "below {}", "format": "{}"}
_LONGEST_PATTERN = 40
"""A longer one explains nothing to whoever reads it."""
_HUGE = 2**53
"""A limit of what a number can be at all says nothing of the field."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a type; `part` is the name of a struct that is described itself."""

    text: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message, or of a part of one."""

    name: str
    required: bool
    type: tuple[Word, ...]
    limits: str
    default: str


def fields(schema: Schema) -> list[Field]:
    """Return the fields of an object but its tag, which is its name."""
    required = schema.get("required", ())
    return [
        Field(
            name=name,
            required=name in required,
            type=tuple(_type(found)),
            limits=", ".join(_limits(found)),
            default=json.dumps(found["default"], ensure_ascii=False) if "default" in found else "",
        )
        for name, found in schema.get("properties", {}).items()
        if not (name == "type" and len(found.get("enum", ())) == 1)
    ]


def _type(schema: Schema) -> Iterator[Word]:
    if "$ref" in schema:
        yield Word(schema["$ref"].rpartition("/")[2], part=True)
    elif "anyOf" in schema:
        for place, choice in enumerate(schema["anyOf"]):
            if place:
                yield Word(" or ")
            yield from _type(choice)
    elif "enum" in schema:
        yield Word(" | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"]))
    elif schema.get("type") == "array":
        yield Word("list of ")
        yield from _type(schema.get("items") or {})
    else:
        yield Word(str(schema.get("type", "anything")))


def _limit(schema: Schema, name: str) -> Any:
    limit = schema.get(name)
    return None if isinstance(limit, int) and abs(limit) >= _HUGE else limit


def _limits(schema: Schema) -> Iterator[str]:
    for lowest, highest, unit in _RANGES:
        low, high = _limit(schema, lowest), _limit(schema, highest)
        if low is not None and high is not None:
            yield f"{low} to {high}{unit}"
        elif low is not None or high is not None:
            yield f"at most {high}{unit}" if low is None else f"at least {low}{unit}"
    for name, words in _LIMITS.items():
        if _limit(schema, name) is not None:
            yield words.format(schema[name])
    if pattern := schema.get("pattern"):
        yield f"as {pattern}" if len(pattern) <= _LONGEST_PATTERN else "as a pattern says"
    items = schema.get("items")
    for inner in [*schema.get("anyOf", ()), *([items] if items else [])]:
        yield from _limits(inner)
