"""The front door of the documents bot."""

from contracts.screens import Button, Screen
from screens import menu as every_menu
from screens.buttons import Row, button
from screens.documents.buttons import (
    AddButton,
    DocumentButton,
    TrashButton,
    TypesButton,
)
from screens.searching import SearchButton
from screens.texts import Texts


def menu(say: Texts, text: str = "") -> Screen:
    """Return the main menu below `text`, which is HTML."""
    settings = button(say.plain("Settings"), every_menu.SettingsButton())
    text = text or say("What shall we do?")
    return Screen(text=text, buttons=(beginnings(say), _finding(say), (settings,)))


def beginnings(say: Texts) -> Row:
    """Return the two ways to begin with documents."""
    add = button(say.plain("Add document"), AddButton())
    return (add, my_documents(say))


def my_documents(say: Texts) -> Button:
    return button(say.plain("My documents"), TypesButton())


def trash_button(say: Texts) -> Button:
    return button(say.plain("Trash"), TrashButton())


def _finding(say: Texts) -> Row:
    return (button(say.plain("Search"), SearchButton()), trash_button(say))


def show_document(document_id: int, say: Texts, label: str = "") -> Button:
    """Return the button that sends a document; `label` is plain."""
    return button(label or say.plain("Show it"), DocumentButton(document_id=document_id))


def greeting(say: Texts) -> str:
    return say(
        "Hello! I keep your documents under types and names of your own. "
        "Send me a file or a photo, or begin with a button."
    )


def help_text(say: Texts) -> str:
    return say(
        "Send me a file or a photo: I ask for its type and its name, and keep it.\n"
        "/add adds a document\n"
        "/documents shows what you have; choose a document and I send it back\n"
        "/search finds documents by any part of a name or a note\n"
        "/trash shows what you deleted, for 30 days\n"
        "/settings changes your language and time zone, or forgets you\n"
        "/cancel leaves whatever you are doing"
    )


def commands(say: Texts) -> dict[str, str]:
    """Return the commands of Telegram's own menu with their descriptions."""
    return {
        "start": every_menu.start_description(say),
        "add": say.plain("Add a document"),
        "documents": say.plain("Show my documents"),
        "search": say.plain("Search names and notes"),
        "trash": say.plain("Show what I deleted"),
        "settings": every_menu.settings_description(say),
        "help": every_menu.help_description(say),
        "cancel": every_menu.cancel_description(say),
    }
