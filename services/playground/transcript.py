"""A chat as a test reads it: as JSON, and as text."""

from dataclasses import asdict
from typing import Any

from aiogram.types import Message

from services.playground.chats import ChatKey, ChatState, Keyboard
from services.playground.json_text import to_jsonable
from services.playground.media import attachment_of
from services.playground.state import State


def chat_as_json(state: State, key: ChatKey, changed_after: int = -1) -> dict[str, Any]:
    """Messages oldest first, the reply keyboard's rows, and the answers to presses.

    Of messages and answers only those that came or changed after a revision.
    """
    chat = state.chats.state(key) or ChatState(revision=0, blocked=False, keyboard=None)
    messages = [each.message for each in state.history.changes(key, changed_after) if each.message]
    answers = state.chats.answers(key, max(changed_after, 0))
    return {
        "revision": chat.revision,
        "blocked": chat.blocked,
        "messages": [_message(message) for message in messages],
        "keyboard": _keyboard(chat.keyboard),
        "callback_answers": [asdict(answer) for answer in answers],
    }


def _keyboard(keyboard: Keyboard | None) -> dict[str, Any] | None:
    return keyboard.markup if keyboard else None


def _message(message: Message) -> dict[str, Any]:
    replied = message.reply_to_message
    return {
        "id": message.message_id,
        "from": _author(message),
        "text": message.text or message.caption or "",
        "entities": to_jsonable(message.entities or message.caption_entities or []),
        "buttons": _buttons(message),
        "file": _file(message),
        "location": to_jsonable(message.location),
        "contact": to_jsonable(message.contact),
        "album": message.media_group_id,
        "forwarded": message.forward_origin is not None,
        "edited": message.edit_date is not None,
        "reply_to": replied.message_id if replied else None,
        "date": int(message.date.timestamp()),
    }


def _author(message: Message) -> str:
    return "bot" if message.from_user and message.from_user.is_bot else "person"


def _buttons(message: Message) -> list[list[dict[str, Any]]]:
    if message.reply_markup is None:
        return []
    return [[to_jsonable(button) for button in row] for row in message.reply_markup.inline_keyboard]


def _file(message: Message) -> dict[str, Any] | None:
    shown = attachment_of(message)
    if shown is None:
        return None
    kind, attachment = shown
    described = to_jsonable(attachment)
    return {"kind": kind, "name": described.pop("file_name", None), **described}


def chat_as_text(state: State, key: ChatKey) -> str:
    """One paragraph a message: who, what, and the buttons in brackets, a row a line."""
    chat = chat_as_json(state, key)
    blocks = [_message_as_text(message) for message in chat["messages"]]
    rows = (chat["keyboard"] or {}).get("keyboard", [])
    if rows:
        blocks.append("keyboard:\n" + _rows_as_text(rows))
    return "\n".join(blocks) + "\n" if blocks else ""


def _message_as_text(message: dict[str, Any]) -> str:
    marks = [mark for mark in ("forwarded", "edited") if message[mark]]
    marked = f" ({', '.join(marks)})" if marks else ""
    shown = f"{_shown_as_text(message)} {message['text']}".strip()
    lines = [f"{message['id']} {message['from']}{marked}: {shown}".rstrip()]
    if message["buttons"]:
        lines.append(_rows_as_text(message["buttons"]))
    return "\n".join(lines)


def _shown_as_text(message: dict[str, Any]) -> str:
    if file := message["file"]:
        return f"<{file['kind']}: {file['name'] or file['kind']}>"
    if place := message["location"]:
        return f"<location: {place['latitude']} {place['longitude']}>"
    if contact := message["contact"]:
        return f"<contact: {contact['first_name']}>"
    return ""


def _rows_as_text(rows: list[list[dict[str, Any]]]) -> str:
    return "\n".join("  " + " ".join(f"[{button['text']}]" for button in row) for row in rows)
