"""What a chat can be shown: text, buttons and one file, as data that may travel on the bus."""

import html
import re
from typing import Annotated, Literal

import msgspec

ACTION_LIMIT = 64
"""Bytes of Telegram's callback_data; ids fit, what people typed does not."""
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""Characters that a person sees, markup not counted: of a text, and of one below a file."""

_MARKUP = re.compile(r"<[^>]*>")


def visible_text(text: str) -> str:
    """Return what a person sees of Telegram's HTML."""
    return html.unescape(_MARKUP.sub("", text))


def visible_length(text: str) -> int:
    """Return how many characters of Telegram's HTML a person sees."""
    return len(visible_text(text))


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """An inline button: pressing it sends `action` to the bot, or opens `url`."""

    text: Annotated[str, msgspec.Meta(min_length=1)]
    action: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.action) == bool(self.url):
            raise ValueError(f"button {self.text!r} needs either an action or a url")
        if len(self.action.encode()) > ACTION_LIMIT:
            raise ValueError(f"action of button {self.text!r} is over {ACTION_LIMIT} bytes")


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file that Telegram already has, sent again by its id."""

    kind: Literal["document", "photo"]
    file_id: str


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a chat; `text` is Telegram's HTML and becomes the caption of `media`."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: Media | None = None
