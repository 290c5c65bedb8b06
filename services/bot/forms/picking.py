"""A field with buttons of its own, of which some lead to others: a calendar, or boxes to tick."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import Message

from screens.buttons import Row
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Field
from services.bot.forms.state import Answer, FormState

Press = Callable[[int], CallbackData]
"""What a button sends that stands for a number of the field's own."""


@dataclass(frozen=True, kw_only=True)
class Picker(Field):
    """What its buttons stand for are numbers of its own: of an answer, or of a view of others."""

    def first_view(self, state: FormState, conversation: Conversation) -> int:
        """Return the view that is shown when the field is asked for."""
        return 0

    async def read_at(
        self, view: int, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        """Return the answer that somebody sent while a view was shown."""
        return await self.read(message, command, conversation)

    def prompt(self, view: int, conversation: Conversation) -> str:
        """Return what is asked in a view, below the question (HTML)."""
        return ""

    @abstractmethod
    def buttons(self, view: int, press: Press, conversation: Conversation) -> tuple[Row, ...]:
        """Return the buttons of a view."""

    @abstractmethod
    def pick(self, number: int, view: int, conversation: Conversation) -> Answer | int:
        """Return the answer that a button stands for, or the view that it leads to.

        Raises Unfit where it cannot be the answer, also for numbers that no button has: one made
        by hand may carry any.
        """
