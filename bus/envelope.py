"""What travels beside a message: who acts, in which chat, and what caused it; kept in headers."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import get_args
from urllib.parse import quote, unquote

import msgspec

from bus.errors import MalformedMessage
from contracts.base import Language

MESSAGE_ID = "Message-Id"
CAUSATION_ID = "Causation-Id"
ACTOR = "Actor"
CHAT = "Chat"
LOCALE = "Locale"
ASKER = "Asker"
NOBODY_WAITS = "nobody-waits"
"""In place of an asker: a command that does its own telling, whose death alone is to be told."""

_NAMES = (MESSAGE_ID, CAUSATION_ID, ACTOR, CHAT, LOCALE, ASKER)
_KNOWN = {written: name for name in _NAMES for written in (name, name.lower())}
_LONGEST = max(map(len, _NAMES))
_LANGUAGES: dict[str, Language] = {language: language for language in get_args(Language)}
_TOKEN = re.compile(r"[A-Za-z0-9_:@=-]{1,160}")
# Telegram's ids have 52 bits; \d and int() would take other scripts' digits and any length.
_ACTOR = re.compile(r"([1-9][0-9]{0,15})@([a-z][a-z0-9_]{0,63})")
_CHAT = re.compile(r"-?[1-9][0-9]{0,15}")
_PLAIN = re.compile(r"[ -$&-\[\]-~]*")
"""What stands in a header as it is."""
_ACTORS_REMEMBERED = 4096
_ASCII_SAFE = " !\"#$&'()*+,/:;<=>?@[]^`{|}~"


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a person, through an app's bot. Storage and query authorise by it."""

    person: int
    app: str

    def __str__(self) -> str:
        return f"{self.person}@{self.app}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Read `1001@documents`."""
        found = _ACTOR.fullmatch(text)
        if found is None:
            raise MalformedMessage(f"header {ACTOR} is not person@app")
        return cls(person=int(found[1]), app=found[2])


class Envelope(msgspec.Struct, frozen=True):
    """The headers of a message, read and checked.

    `message_id` is derived from the message's cause, so a repeated step repeats it; `asker` names
    the bot instance that waits for the outcome; `chat` is the chat to be told.
    """

    message_id: str
    causation_id: str = ""
    actor: Actor | None = None
    chat: int | None = None
    locale: Language = "en"
    asker: str = ""

    def caused(self, message_id: str) -> "Envelope":
        """Return the envelope of a message that this one's message causes."""
        return Envelope(message_id, self.message_id, self.actor, self.chat, self.locale)

    def headers(self) -> dict[str, str]:
        """Return the headers to publish with."""
        values = {
            MESSAGE_ID: self.message_id,
            CAUSATION_ID: self.causation_id,
            ACTOR: str(self.actor) if self.actor else "",
            CHAT: "" if self.chat is None else str(self.chat),
            LOCALE: self.locale,
            ASKER: self.asker,
        }
        return _on_one_line(values)

    def question(self) -> dict[str, str]:
        """Return the headers of a question that this one's message causes.

        Whoever answers needs to know who asks, and nothing of a chat: nobody is told there.
        """
        actor = str(self.actor) if self.actor else ""
        return _on_one_line({MESSAGE_ID: f"{self.message_id}-asked", ACTOR: actor})


def lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers under the names by which a trace is looked for."""
    return {name.lower(): value for name, value in headers.items()}


def is_id(text: str) -> bool:
    """Whether a text can be a message's id: a token of a subject."""
    return bool(_TOKEN.fullmatch(text))


def read_envelope(headers: Mapping[str, str] | None) -> Envelope:
    """Read and check the headers of a received message.

    Raises:
        MalformedMessage: an id is missing or not a token, or a header has a foreign form.
    """
    values: dict[str, str] = {}
    for name, value in (headers or {}).items():
        if len(name) <= _LONGEST and (known := _KNOWN.get(name) or _KNOWN.get(name.lower())):
            values[known] = unquote(value) if "%" in value else value
    message_id = _token(values, MESSAGE_ID)
    if not message_id:
        raise MalformedMessage(f"header {MESSAGE_ID} is missing")
    actor, chat = values.get(ACTOR), values.get(CHAT)
    return Envelope(
        message_id,
        _token(values, CAUSATION_ID),
        _read_actor(actor) if actor else None,
        _read_chat(chat) if chat else None,
        _LANGUAGES.get(values.get(LOCALE, ""), "en"),
        _token(values, ASKER),
    )


@lru_cache(_ACTORS_REMEMBERED)
def _read_actor(text: str) -> Actor:
    return Actor.parse(text)


def _on_one_line(values: Mapping[str, str]) -> dict[str, str]:
    said = {name: value for name, value in values.items() if value}
    if _PLAIN.fullmatch("".join(said.values())):
        return said
    return {name: _written(value) for name, value in said.items()}


def _written(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else quote(value, safe=_ASCII_SAFE)


def _token(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if value and not _TOKEN.fullmatch(value):
        raise MalformedMessage(f"header {name} is not an id")
    return value


def _read_chat(text: str) -> int:
    if not _CHAT.fullmatch(text):
        raise MalformedMessage(f"header {CHAT} is not the id of a chat")
    return int(text)
