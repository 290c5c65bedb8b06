"""The kinds of answers that forms of mailings take."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from aiogram.types import Message, MessageOriginUser

from contracts.base import Page
from contracts.broadcasts import ButtonRow, Content, MailingButton, MailingText
from contracts.screens import CAPTION_LIMIT, TEXT_LIMIT, visible_length
from screens import broadcasts as screens
from screens import forms as form_screens
from screens.opting_out import category_name
from screens.texts import Texts
from services.bot.broadcasts.link_buttons import read_buttons, written
from services.bot.broadcasts.people_list import is_id
from services.bot.conversation import Conversation
from services.bot.forms import Answer, Offer, Unfit, Uploads
from services.bot.forms.fields import AnyMessage, Field

ROWS, IN_ROW = 10, 8
DAYS_LIMIT = 3650
LABEL_LIMIT = 300
"""Characters."""


@dataclass(frozen=True, kw_only=True)
class FormattedText(Field):
    """A text with its formatting, as Telegram's HTML; `limit` counts what a person sees."""

    limit: int

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        if not message.text:
            raise Unfit(screens.text_empty(conversation.say))
        return formatted(message, self.limit, conversation.say)


@dataclass(frozen=True, kw_only=True)
class Kind(Field):
    """What a mailing is about, by which people opt out."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        kinds = [
            Answer(category, category_name(category, conversation.say))
            for category in screens.CATEGORIES
        ]
        return Offer(tuple(kinds), len(kinds))

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        raise Unfit(form_screens.wants_button(conversation.say))


def _one_file(_: int, say: Texts) -> str:
    return screens.file_label(say)


def _unshortened(name: str) -> str:
    return name


@dataclass(frozen=True, kw_only=True)
class Attachment(Uploads):
    """One picture or file, or none; the answer is its upload, kind and name."""

    several: Callable[[int, Texts], str] = _one_file
    shorten: Callable[[str], str] = _unshortened

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return Offer((Answer(None, screens.no_file(conversation.say)),), 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        kept = await super().read(message, command, conversation)
        assert isinstance(kept.value, tuple), "uploads have ids"
        kind = "photo" if message.photo else "document"
        return Answer((*kept.value, kind, kept.label), kept.label)

    async def append(
        self, so_far: Answer, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        raise Unfit(screens.one_file(conversation.say))

    def caption(self, answer: Answer, say: Texts) -> str:
        return self.label(say)


@dataclass(frozen=True, kw_only=True)
class Beginning(Attachment):
    """A text, or a picture or file with a text below it, as people send it to each other.

    The answer is the text, or the text behind what `Attachment` answers.
    """

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return Offer()

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        if message.text:
            return formatted(message, TEXT_LIMIT, conversation.say)
        if not (message.photo or message.document):
            raise Unfit(screens.text_empty(conversation.say))
        below = formatted(message, CAPTION_LIMIT, conversation.say)
        file = await super().read(message, command, conversation)
        assert isinstance(file.value, tuple)
        assert isinstance(below.value, str)
        return Answer((*file.value, below.value), below.label or file.label)


@dataclass(frozen=True, kw_only=True)
class LinkButtons(Field):
    """Buttons with links, typed line by line."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return Offer((Answer("", screens.no_links(conversation.say)),), 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        rows, bad = read_buttons(message.text or "")
        if bad or not rows:
            flaws = [(line.written, line.flaw) for line in bad]
            raise Unfit(screens.bad_links(flaws or [("…", "no_link")], conversation.say))
        text = written(rows)
        if buttons_of(text) is None:
            raise Unfit(screens.too_many_buttons(ROWS, IN_ROW, conversation.say))
        return Answer(text, _beginning(text))


@dataclass(frozen=True, kw_only=True)
class Days(Field):
    """Within how many days somebody used the bot."""

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return Offer((Answer(0, screens.whenever(conversation.say)),), 1)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        text = (message.text or "").strip()
        if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= DAYS_LIMIT:
            raise Unfit(screens.wants_number(DAYS_LIMIT, conversation.say))
        return Answer(int(text), text)


@dataclass(frozen=True, kw_only=True)
class SomePerson(Field):
    """Somebody: their id, their contact, or whatever they wrote, sent on."""

    takes_files: ClassVar[bool] = True

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        say = conversation.say
        if message.contact:
            person_id = message.contact.user_id
            if person_id is None:
                raise Unfit(screens.hidden_person(say))
        elif isinstance(message.forward_origin, MessageOriginUser):
            person_id = message.forward_origin.sender_user.id
        elif message.forward_origin:
            raise Unfit(screens.hidden_person(say))
        else:
            text = (message.text or "").strip()
            if not is_id(text):
                raise Unfit(screens.wants_person(say))
            person_id = int(text)
        return Answer(person_id, str(person_id))


def formatted(message: Message, limit: int, say: Texts) -> Answer:
    """Return the text or caption of a message as Telegram's HTML; raises Unfit above the limit."""
    plain = message.text or message.caption or ""
    text = message.html_text if plain else ""
    length = visible_length(text)
    if length > limit or not _fits(text, MailingText):
        raise Unfit(screens.text_too_long(length, limit, say))
    return Answer(text, _beginning(plain))


def _beginning(text: str) -> str:
    """Return as much of a text as it is recognised by: a whole one fills a message by itself."""
    return text if len(text) <= LABEL_LIMIT else f"{text[:LABEL_LIMIT]}…"


def buttons_of(text: str) -> tuple[ButtonRow, ...] | None:
    """Return typed buttons as a mailing has them, None where there are more than it takes."""
    rows, _ = read_buttons(text)
    buttons = tuple(tuple(MailingButton(text=title, url=url) for title, url in row) for row in rows)
    content = Content(text="", buttons=buttons)
    return buttons if _fits(msgspec.to_builtins(content), Content) else None


def _fits(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
