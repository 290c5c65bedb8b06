"""Text with entities as HTML for the page, with everything a person or bot wrote escaped."""

import html
import re
from typing import Any

from aiogram.types import Message, MessageEntity
from aiogram.utils.text_decorations import HtmlDecoration
from markupsafe import Markup

OPENABLE = re.compile(r"(?:https?|tg|ton|mailto):", re.IGNORECASE)


class PageDecoration(HtmlDecoration):
    """aiogram's own HTML is for Telegram, which takes any address; a browser must not."""

    def apply_entity(self, entity: MessageEntity, text: str) -> str:
        """One entity around text that is HTML already."""
        if entity.type == "bot_command":
            return f'<button type="button" class="command" data-command>{text}</button>'
        if entity.type == "url":
            return self.link(text, html.unescape(text))
        if entity.type == "email":
            return self.link(text, f"mailto:{html.unescape(text)}")
        if entity.type in ("mention", "hashtag", "text_mention"):
            return f'<span class="mention">{text}</span>'
        if entity.type == "custom_emoji":
            return text
        return super().apply_entity(entity, text)

    def link(self, value: str, link: str) -> str:
        """A link that opens elsewhere, or the bare text if its address is none to open."""
        if not OPENABLE.match(link):
            return value
        address = html.escape(link, quote=True)
        return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{value}</a>'

    def spoiler(self, value: str) -> str:
        """Hidden until pressed."""
        return (
            '<span class="spoiler" role="button" tabindex="0" aria-label="Hidden text">'
            f"{value}</span>"
        )

    def pre_language(self, value: str, language: str) -> str:
        """The language stands above the code."""
        return f'<pre data-language="{html.escape(language, quote=True)}">{value}</pre>'

    def expandable_blockquote(self, value: str) -> str:
        """Shown whole."""
        return self.blockquote(value)

    def date_time(self, value: str, *_: Any, **__: Any) -> str:
        """The bot's own words for the time."""
        return value


DECORATION = PageDecoration()


def message_html(message: Message) -> Markup:
    """Text or caption of a message, safe to put into the page."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    return Markup(DECORATION.unparse(text, entities))  # noqa: S704 - escaped piece by piece above
