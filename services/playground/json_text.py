"""Telegram's objects as JSON: by alias, and without the defaults that only a client has."""

import json
from typing import Any

from pydantic import BaseModel


def to_jsonable(value: Any) -> Any:
    """The value as Telegram would send it."""
    if isinstance(value, BaseModel):
        # Fields never set may hold aiogram's client-side defaults, which are no JSON.
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if isinstance(value, list | tuple):
        return [to_jsonable(item) for item in value]
    if isinstance(value, dict):
        return {key: to_jsonable(item) for key, item in value.items()}
    return value


def to_json_text(value: Any) -> str:
    """The value as JSON text, letters of every language as they are."""
    return json.dumps(to_jsonable(value), ensure_ascii=False)


def from_json_text(text: str) -> Any:
    """The value back from its text."""
    return json.loads(text)
