"""The pages that a browser shows behind a link, as plain words."""

from typing import Literal, NamedTuple

from contracts.files import LinkedFile
from screens.texts import Texts

LinkTrouble = Literal["forged", "expired", "revoked", "gone", "away"]


class Page(NamedTuple):
    """A page: its title, and what it says below."""

    title: str
    text: str


class FileLine(NamedTuple):
    """A file of several: its name, and its size in words."""

    name: str
    size: str


def link_trouble(trouble: LinkTrouble, say: Texts, code: str) -> Page:
    """Return why a link does not open, without a word about what is behind it.

    `code` is the trace id: it is told where the trouble is ours.
    """
    match trouble:
        case "forged":
            return Page(
                say.plain("This link is not valid"),
                say.plain("Its address is not complete, or was changed. Please copy it again."),
            )
        case "expired":
            return Page(
                say.plain("This link has expired"),
                say.plain("Please ask whoever sent it for a new one."),
            )
        case "revoked":
            return Page(
                say.plain("This link was revoked"),
                say.plain("Please ask whoever sent it for a new one."),
            )
        case "gone":
            return Page(
                say.plain("There is nothing here"),
                say.plain("What the link led to is no longer there."),
            )
        case "away":
            return Page(
                say.plain("This is taking longer than it should"),
                say.plain(
                    "The file cannot be fetched right now. Please try again in a minute."
                    " Code: {code}",
                    code=code,
                ),
            )


def feed_trouble(trouble: LinkTrouble, say: Texts, code: str) -> Page:
    """Return why the address of a calendar does not open; programs show it to nobody."""
    match trouble:
        case "forged":
            return Page(
                say.plain("This address is not valid"),
                say.plain("It is not complete, or was changed. Please copy it again from the bot."),
            )
        case "expired" | "revoked" | "gone":
            return Page(
                say.plain("This calendar is no longer here"),
                say.plain("Its address was revoked. The bot can give you another one."),
            )
        case "away":
            return Page(
                say.plain("This is taking longer than it should"),
                say.plain(
                    "The calendar cannot be fetched right now. Please try again in a minute."
                    " Code: {code}",
                    code=code,
                ),
            )


def file_list(title: str, files: tuple[LinkedFile, ...], say: Texts) -> tuple[Page, list[FileLine]]:
    """Return the page of a link with several files, and a line for each."""
    lines = [FileLine(file.name, say.size(file.size)) for file in files]
    return Page(title, say.plain("Choose a file:")), lines
