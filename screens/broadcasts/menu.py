"""The front door of the broadcasts bot."""

from contracts.screens import Button, Screen
from screens import menu as every_menu
from screens.broadcasts.buttons import MailingListButton, NewMailingButton, SendersButton
from screens.buttons import button
from screens.texts import Texts


def menu(say: Texts, text: str = "") -> Screen:
    """Return the menu of who may send mailings, below `text`, which is HTML."""
    first = (button(say.plain("New mailing"), NewMailingButton()), to_mailings(say))
    return Screen(text=text or say("What shall we do?"), buttons=(first, (_settings(say),)))


def admin_menu(say: Texts, text: str = "") -> Screen:
    """Return the menu of who may let others send mailings, too."""
    screen = menu(say, text)
    first, last = screen.buttons
    senders = button(say.plain("Who may send"), SendersButton())
    return Screen(text=screen.text, buttons=(first, (senders, *last)))


def menu_of_others(say: Texts, text: str = "") -> Screen:
    """Return the menu of everybody else."""
    word = say(
        "Only some people may send mailings here; whoever runs these bots can let you, too. "
        "Which mailings you get yourself, you choose in the settings."
    )
    both = f"{text}\n\n{word}" if text else word
    return Screen(text=both, buttons=((_settings(say),),))


def to_mailings(say: Texts) -> Button:
    return button(say.plain("Mailings"), MailingListButton())


def greeting(say: Texts) -> str:
    return say("Hello! I send mailings to the people who use the other bots.")


def help_text(say: Texts) -> str:
    return say(
        "A mailing goes to the people of the bots that you choose, but not to those who do not "
        "want its kind. It begins as a draft: look at it, choose for whom and when, then start it. "
        "While it goes out you can hold or stop it, afterwards edit or delete what was sent.\n\n"
        "/new begins a mailing\n"
        "/mailings shows them all\n"
        "/senders shows who may send mailings\n"
        "/settings changes your language, time zone and which mailings you get, or forgets you\n"
        "/cancel leaves whatever you are doing"
    )


def commands(say: Texts) -> dict[str, str]:
    """Return the commands of Telegram's own menu with their descriptions."""
    return {
        "start": every_menu.start_description(say),
        "new": say.plain("Begin a mailing"),
        "mailings": say.plain("Mailings and how they went"),
        "senders": say.plain("Who may send mailings"),
        "settings": every_menu.settings_description(say),
        "help": every_menu.help_description(say),
        "cancel": every_menu.cancel_description(say),
    }


def _settings(say: Texts) -> Button:
    return button(say.plain("Settings"), every_menu.SettingsButton())
