"""Texts and captions of bots, within Telegram's limits."""

from typing import Any

from aiogram.types import MessageEntity

from services.playground.errors import BadRequest
from services.playground.formatting import FormattedText, format_text

MAX_TEXT = 4096
MAX_CAPTION = 1024


def formatted_message_text(
    text: str | None, parse_mode: object, entities: list[MessageEntity] | None
) -> FormattedText:
    """A text within Telegram's limits; an empty one is refused."""
    formatted = format_text(text or "", _mode(parse_mode), entities)
    if not formatted.text:
        raise BadRequest("message text is empty")
    if len(formatted.text) > MAX_TEXT:
        raise BadRequest("message is too long")
    return formatted


def formatted_caption(
    caption: str | None, parse_mode: object, entities: list[MessageEntity] | None
) -> dict[str, Any]:
    """The caption's part of a message; an empty one is no caption."""
    formatted = format_text(caption or "", _mode(parse_mode), entities)
    if len(formatted.text) > MAX_CAPTION:
        raise BadRequest("message caption is too long")
    return {"caption": formatted.text or None, "caption_entities": formatted.entities or None}


def _mode(parse_mode: object) -> str | None:
    """Without the parameter aiogram fills in a default that only its client knows."""
    return parse_mode if isinstance(parse_mode, str) else None
