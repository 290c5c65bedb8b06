"""What searching has in every bot: its buttons, and the words that are searched for."""

from aiogram.filters.callback_data import CallbackData

from screens.buttons import PageButton
from screens.texts import Texts


class SearchButton(CallbackData, prefix="search"):
    """Begin to search."""


class FoundButton(PageButton, prefix="found"):
    """A page of what was found for the words of a form."""

    form_id: str


def words_label(say: Texts) -> str:
    return say.plain("Words")
