"""The kinds of fields: a text, a choice from a query, and in uploads.py a file."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from aiogram.types import Message

from contracts.base import Command, Event, Page, Query
from screens import forms as screens
from screens.texts import Texts
from services.bot.conversation import Conversation
from services.bot.forms.limits import Unfit, cut, fit
from services.bot.forms.state import Answer, FormState

Caption = Callable[[Texts], str]
"""A text for people, told once their language is known."""

AnyMessage = type[Command[Any]] | type[Query[Any]]


@dataclass(frozen=True, slots=True)
class Offer:
    """Answers that need only be pressed: a page of `total`."""

    answers: tuple[Answer, ...] = ()
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One field of a command: `question` asks for it (HTML), `label` names it in the review.

    One that `takes_files` reads messages with a file, too. An `optional` one is not asked for on
    the way to the review, which has a button to it.
    """

    takes_files: ClassVar[bool] = False

    name: str
    label: Caption
    question: Caption
    optional: bool = False

    def propose(self, command: AnyMessage, state: FormState) -> Answer | None:
        """Return a likely answer, which needs only be kept, if there is one."""
        return None

    def caption(self, answer: Answer, say: Texts) -> str:
        """Return the label of an answer (plain)."""
        return self.label(say)

    def shown(self, answer: Answer, say: Texts) -> str:
        """Return an answer as it is read back (plain)."""
        return answer.label

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        """Return answers to press; raises what `conversation.ask` raises."""
        return Offer()

    @abstractmethod
    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        """Return what a message answers; raises Unfit where it is no answer."""


def _no_proposal(_: FormState) -> str:
    return ""


def _no_suggestions(_: Conversation) -> tuple[Answer, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A line of text, within the limits of the contract.

    `proposal` is cut to the limit; `suggest` names answers that are often given. With `lines`
    it may be several; `nothing` is what is typed for an empty text.
    """

    proposal: Callable[[FormState], str] = _no_proposal
    suggest: Callable[[Conversation], tuple[Answer, ...]] = _no_suggestions
    lines: bool = False
    nothing: str | None = None

    def propose(self, command: AnyMessage, state: FormState) -> Answer | None:
        text = cut(self.proposal(state), command, self.name)
        return Answer(text, text) if text else None

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        suggested = self.suggest(conversation)
        return Offer(suggested, len(suggested))

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        if message.text is None:
            raise Unfit(screens.wants_text(conversation.say))
        if message.text == self.nothing:
            return Answer("", "")
        text = fit(message.text, command, self.name, conversation.say, lines=self.lines)
        return Answer(text, text)


@dataclass(frozen=True, slots=True)
class Creation:
    """One more option for a choice, added while the form waits.

    `command` makes one of what was typed, and keeps the text itself in its field `text`; `added`
    returns the new option, or None where the outcome is a refusal.
    """

    button: Caption
    question: Caption
    command: Callable[[str], Command[Any]]
    text: str
    added: Callable[[Event], Answer | None]


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of what a query finds, a page at a time, or of what is added on the way."""

    options: Callable[[Conversation, Page], Awaitable[Offer]]
    creation: Creation

    async def offer(self, conversation: Conversation, page: Page) -> Offer:
        return await self.options(conversation, page)

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        raise Unfit(screens.wants_button(conversation.say))
