"""Text with entities: from a bot's parse mode, found by itself, and back to HTML for the page."""

import re
from dataclasses import dataclass
from itertools import pairwise

from aiogram.types import MessageEntity

from services.playground.errors import BadRequest, NotServed
from services.playground.html_markup import parse_html, utf16_length

MAX_ENTITIES = 100
DETECTED = {
    "url": re.compile(r"(?<![\w@])https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]"),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z]\w{2,31}\b"),
    "hashtag": re.compile(r"(?<![\w#/])#\w*[^\W\d_]\w*"),
    "bot_command": re.compile(r"(?<![\w/@<])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])"),
}


@dataclass(frozen=True)
class FormattedText:
    """Text as Telegram keeps it: entity offsets count UTF-16 units."""

    text: str
    entities: list[MessageEntity]


def format_text(
    text: str, parse_mode: str | None, entities: list[MessageEntity] | None = None
) -> FormattedText:
    """What a bot wrote; raises BadRequest in Telegram's words when its markup is wrong."""
    mode = (parse_mode or "none").lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise NotServed(f"parse_mode {parse_mode}")
    elif mode == "none":
        found = _checked(text, entities or [])
    else:
        raise BadRequest("unsupported parse_mode")
    text, found = _trimmed(text, found)
    found += [entity for entity in detected_entities(text) if not _overlaps(entity, found)]
    found.sort(key=lambda entity: (entity.offset, -entity.length))
    return FormattedText(text, found[:MAX_ENTITIES])


def detected_entities(text: str) -> list[MessageEntity]:
    """Links, commands and the like, which Telegram marks by itself."""
    found: list[MessageEntity] = []
    for kind, pattern in DETECTED.items():
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = MessageEntity(type=kind, offset=offset, length=utf16_length(match[0]))
            if not _overlaps(entity, found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity.offset)


def _overlaps(entity: MessageEntity, others: list[MessageEntity]) -> bool:
    end = entity.offset + entity.length
    return any(
        other.offset < end and entity.offset < other.offset + other.length for other in others
    )


def _checked(text: str, entities: list[MessageEntity]) -> list[MessageEntity]:
    encoded = text.encode("utf-16-le")
    for entity in entities:
        end = entity.offset + entity.length
        if entity.offset < 0 or entity.length <= 0 or end * 2 > len(encoded):
            raise BadRequest(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
            )
        for border in (entity.offset, end):
            if 0xDC <= encoded[border * 2 + 1 : border * 2 + 2].ljust(1, b"\0")[0] <= 0xDF:
                raise BadRequest(
                    f"entity beginning at UTF-16 offset {entity.offset}"
                    " ends in the middle of a UTF-16 symbol"
                )
    return _without_crossing(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def _without_crossing(entities: list[MessageEntity]) -> list[MessageEntity]:
    """Entities may nest; the few that cross another one are left out."""
    crossing = {
        id(later)
        for earlier, later in pairwise(entities)
        if later.offset < earlier.offset + earlier.length < later.offset + later.length
    }
    return [entity for entity in entities if id(entity) not in crossing]


def _trimmed(text: str, entities: list[MessageEntity]) -> tuple[str, list[MessageEntity]]:
    """Telegram drops white space around a message; entities move along."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity.offset - cut, 0)
        end = min(entity.offset - cut + entity.length, length)
        if end > start:
            kept.append(entity.model_copy(update={"offset": start, "length": end - start}))
    return text, kept
