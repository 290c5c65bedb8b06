"""The buttons of a person's settings."""

from aiogram.filters.callback_data import CallbackData

from contracts.base import Language
from contracts.people import Category


class LanguageButton(CallbackData, prefix="language"):
    """Speak another language."""

    language: Language


class TimeZoneButton(CallbackData, prefix="zone"):
    """Begin to choose another time zone."""


class QuietHoursButton(CallbackData, prefix="quiet"):
    """Begin to choose other quiet hours."""


class MailingsButton(CallbackData, prefix="mailings"):
    """Show which mailings the person gets."""


class CategoryButton(CallbackData, prefix="category"):
    """Get no more mailings of a category, or get them again; shown in the same place."""

    category: Category
    out: bool


class EraseButton(CallbackData, prefix="erase"):
    """Forget the person: asked first, and done when `sure`."""

    sure: bool
