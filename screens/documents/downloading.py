"""Everything under a type at once: the answer until the files come."""

from contracts.screens import Screen
from screens.texts import Texts


def packing(name: str, say: Texts) -> Screen:
    return Screen(text=say("I am packing <b>{name}</b>…", name=name))


def nothing_to_download(say: Texts) -> str:
    """Return the toast for a type that has no documents by now."""
    return say.plain("There is nothing under this type.")
