"""A mailing as those see it who get it, and whoever looks at it beforehand."""

from contracts.broadcasts import Content
from contracts.people import Category
from contracts.screens import Button, Media, Screen
from screens.opting_out import opt_out
from screens.texts import Texts


def mailing_message(content: Content, category: Category, say: Texts, file_id: str = "") -> Screen:
    """Return the message; `file_id` is its file's for the bot that sends it, empty without one.

    A mailing whose file is still to be uploaded has none in its screen: whoever uploads adds it.
    """
    links = tuple(
        tuple(Button(text=button.text, url=button.url) for button in row) for row in content.buttons
    )
    media = Media(kind=content.media.kind, file_id=file_id) if content.media and file_id else None
    return Screen(text=content.text, buttons=(*links, (opt_out(category, say),)), media=media)
