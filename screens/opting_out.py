"""The way out of mailings: a button below each of them, and the words for their categories."""

from aiogram.filters.callback_data import CallbackData

from contracts.people import Category
from contracts.screens import Button
from screens.buttons import button
from screens.texts import Texts


class OptOutButton(CallbackData, prefix="optout"):
    """Get no more mailings of a category: below each of them, which stays as it is."""

    category: Category


def opt_out(category: Category, say: Texts) -> Button:
    """Return the button that stands below every message of a mailing."""
    match category:
        case "news":
            label = say.plain("No more news")
        case "offers":
            label = say.plain("No more offers")
        case "surveys":
            label = say.plain("No more surveys")
    return button(label, OptOutButton(category=category))


def category_name(category: Category, say: Texts) -> str:
    """Return what mailings of a category are called, as a button has it (plain)."""
    match category:
        case "news":
            return say.plain("News")
        case "offers":
            return say.plain("Offers")
        case "surveys":
            return say.plain("Surveys")
