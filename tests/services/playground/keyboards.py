"""Keyboards of python-telegram-bot."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup


def one_button(
    label: str, callback_data: str | None = None, url: str | None = None
) -> InlineKeyboardMarkup:
    """An inline keyboard with that button alone."""
    button = InlineKeyboardButton(label, callback_data=callback_data, url=url)
    return InlineKeyboardMarkup([[button]])
