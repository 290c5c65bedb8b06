"""The front door of the calendar bot."""

from contracts.screens import Screen
from screens import menu as every_menu
from screens.buttons import button
from screens.texts import Texts


def menu(say: Texts, text: str = "") -> Screen:
    """Return the main menu below `text`, which is HTML."""
    settings = button(say.plain("Settings"), every_menu.SettingsButton())
    return Screen(text=text or say("What shall we do?"), buttons=((settings,),))


def greeting(say: Texts) -> str:
    return say("Hello! I keep your schedule and remind you in time.")


def help_text(say: Texts) -> str:
    return say(
        "/settings changes your language and time zone, or forgets you\n"
        "/cancel leaves whatever you are doing"
    )


def commands(say: Texts) -> dict[str, str]:
    """Return the commands of Telegram's own menu with their descriptions."""
    return {
        "start": every_menu.start_description(say),
        "settings": every_menu.settings_description(say),
        "help": every_menu.help_description(say),
        "cancel": every_menu.cancel_description(say),
    }
