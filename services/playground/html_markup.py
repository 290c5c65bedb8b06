"""Telegram's HTML: a small language of its own, with its own error texts."""

import html
import re
from dataclasses import dataclass, field
from typing import NoReturn

from aiogram.types import MessageEntity, User

from services.playground.errors import BadRequest

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
CHARACTER_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)\s*
        (?:=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]*)))?""",
    re.VERBOSE,
)
MENTION_LINK = re.compile(r"tg://user\?id=([0-9]+)")


@dataclass
class OpenTag:
    """A start tag waiting for its end tag; `start` is the entity's offset in UTF-16 units."""

    name: str
    attributes: dict[str, str]
    start: int


def parse_html(source: str) -> tuple[str, list[MessageEntity]]:
    """Plain text and its entities; raises BadRequest when the markup is wrong."""
    return HtmlParser(source).parse()


@dataclass
class HtmlParser:
    """One pass over one text."""

    source: str
    position: int = 0
    text: str = ""
    length: int = 0  # of `text`, in UTF-16 units
    open_tags: list[OpenTag] = field(default_factory=list)
    entities: list[MessageEntity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[MessageEntity]]:
        """Read everything; see parse_html."""
        while self.position < len(self.source):
            following = self.source.find("<", self.position)
            end = len(self.source) if following < 0 else following
            self._append(_unescaped(self.source[self.position : end]))
            self.position = end
            if following >= 0:
                self._tag()
        if self.open_tags:
            name = self.open_tags[-1].name
            raise _refused(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(key=lambda entity: (entity.offset, -entity.length))
        return self.text, self.entities

    def _append(self, text: str) -> None:
        self.text += text
        self.length += utf16_length(text)

    def _tag(self) -> None:
        if self.source.startswith("</", self.position):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        begin = self.position
        name = self._name_at(begin + 1)
        if self.position >= len(self.source):
            self._fail("Unclosed start tag", begin)
        if name not in ENTITY_OF_TAG:
            self._fail(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        if name == "tg-emoji" and "emoji-id" not in attributes:
            self._fail('Tag "tg-emoji" must have attribute "emoji-id"', begin)
        self.open_tags.append(OpenTag(name, attributes, self.length))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while not self._at_end_of_tag(begin):
            match = ATTRIBUTE.match(self.source, self.position)
            if match is None:
                self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            values = match.group("double", "single", "bare")
            value = next((value for value in values if value is not None), None)
            name = match["name"].lower()
            if value is None and name != "expandable":
                self._fail(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
                )
            attributes[name] = _unescaped(value or "")
            self.position = match.end()
        self.position += 1
        return attributes

    def _at_end_of_tag(self, begin: int) -> bool:
        while self.source[self.position : self.position + 1].isspace():
            self.position += 1
        if self.position >= len(self.source):
            self._fail("Unclosed start tag", begin)
        return self.source[self.position] == ">"

    def _end_tag(self) -> None:
        begin = self.position
        if not self.open_tags:
            self._fail("Unexpected end tag", begin)
        name = self._name_at(begin + 2)
        rest = self.source[self.position :].lstrip()
        if not rest.startswith(">"):
            self._fail("Unclosed end tag", begin)
        self.position = len(self.source) - len(rest) + 1
        tag = self.open_tags.pop()
        if name not in ("", tag.name):
            where = _byte_offset(self.source, begin)
            raise _refused(
                f"Unmatched end tag at byte offset {where},"
                f' expected "</{tag.name}>", found "</{name}>"'
            )
        self._close(tag)

    def _name_at(self, position: int) -> str:
        match = TAG_NAME.match(self.source, position)
        assert match is not None  # it may be empty, but it always matches
        self.position = match.end()
        return match[0].lower()

    def _close(self, tag: OpenTag) -> None:
        length = self.length - tag.start
        if length > 0 and not self._is_language_of_open_pre(tag):
            details = self._details(tag)
            if details is not None:
                self.entities.append(
                    MessageEntity.model_validate({"offset": tag.start, "length": length, **details})
                )

    def _is_language_of_open_pre(self, tag: OpenTag) -> bool:
        """`<pre><code class="language-x">` is one entity."""
        language = tag.attributes.get("class", "").removeprefix("language-")
        outer = self.open_tags[-1] if self.open_tags else None
        if tag.name != "code" or outer is None or outer.name != "pre" or outer.start != tag.start:
            return False
        if tag.attributes.get("class", "").startswith("language-"):
            outer.attributes["language"] = language
        return True

    def _details(self, tag: OpenTag) -> dict[str, object] | None:
        kind = ENTITY_OF_TAG[tag.name]
        if kind == "text_link":
            covered = self.text.encode("utf-16-le")[tag.start * 2 :].decode("utf-16-le")
            return link_details(tag.attributes.get("href") or covered)
        if kind == "custom_emoji":
            return {"type": kind, "custom_emoji_id": tag.attributes["emoji-id"]}
        if kind == "blockquote" and "expandable" in tag.attributes:
            return {"type": "expandable_blockquote"}
        if kind == "pre" and "language" in tag.attributes:
            return {"type": kind, "language": tag.attributes["language"]}
        return {"type": kind}

    def _fail(self, what: str, position: int) -> NoReturn:
        raise _refused(f"{what} at byte offset {_byte_offset(self.source, position)}")


def link_details(url: str) -> dict[str, object] | None:
    """The entity of a link; None when Telegram would show it as plain text."""
    if mention := MENTION_LINK.fullmatch(url):
        user = User(id=int(mention[1]), is_bot=False, first_name="")
        return {"type": "text_mention", "user": user}
    if re.match(r"(?:https?|tg|ton|tonsite)://\S+$", url, re.IGNORECASE):
        return {"type": "text_link", "url": url}
    if re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?$", url):
        return {"type": "text_link", "url": f"http://{url}"}
    return None


def utf16_length(text: str) -> int:
    """How Telegram counts offsets and lengths."""
    return len(text.encode("utf-16-le")) // 2


def _unescaped(text: str) -> str:
    return CHARACTER_REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def _byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def _refused(what: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {what}")
