"""What every bot says at its front door, and when it does not know what is meant."""

from aiogram.filters.callback_data import CallbackData

from contracts.screens import Button
from screens.buttons import button
from screens.texts import Texts


class MenuButton(CallbackData, prefix="menu"):
    """Back to the bot's main menu."""


class SettingsButton(CallbackData, prefix="settings"):
    """Show the person's settings."""


def to_menu(say: Texts) -> Button:
    return button(say.plain("Back"), MenuButton())


def cancelled(say: Texts) -> str:
    return say("Cancelled.")


def nothing_to_cancel(say: Texts) -> str:
    return say("There is nothing to cancel.")


def not_understood(say: Texts) -> str:
    return say("I did not understand that. Here is what I can do; /help says more.")


def form_gone(say: Texts) -> str:
    return say("What you were filling in is no longer open. Please begin again.")


def start_description(say: Texts) -> str:
    return say.plain("Show the menu")


def settings_description(say: Texts) -> str:
    return say.plain("Language, time zone, quiet hours, mailings")


def help_description(say: Texts) -> str:
    return say.plain("What this bot can do")


def cancel_description(say: Texts) -> str:
    return say.plain("Leave what you are doing")
