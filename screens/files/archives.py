"""How far an archive is, and what became of it."""

from contracts.files import ArchiveNotSent, ArchiveSent
from contracts.screens import Screen
from screens.texts import Texts

NAMED_AT_MOST = 10
"""Of missing files."""


def archive_part(name: str, number: int, of: int, say: Texts) -> Screen:
    """Return what is shown while a part is packed and sent."""
    if of == 1:
        return Screen(text=say("I am packing <b>{name}</b>…", name=name))
    text = say(
        "I am packing <b>{name}</b>: part {number} of {of}…", name=name, number=number, of=of
    )
    return Screen(text=text)


def archive_file_name(name: str, number: int, of: int, say: Texts) -> str:
    """Return the name of a part, without what makes it a file's: plain."""
    if of == 1:
        return name
    return say.plain("{name}, part {number} of {of}", name=name, number=number, of=of)


def archive_sent(event: ArchiveSent, say: Texts) -> Screen:
    sent = say.plural(
        "<b>{name}</b>: {n} file is sent.",
        "<b>{name}</b>: {n} files are sent.",
        event.files,
        name=event.name,
    )
    if not event.missing:
        return Screen(text=sent)
    names = ", ".join(event.missing[:NAMED_AT_MOST])
    gone = say.plural(
        "{n} file is gone and not among them: {names}",
        "{n} files are gone and not among them: {names}",
        len(event.missing),
        names=names if len(event.missing) <= NAMED_AT_MOST else f"{names}, …",
    )
    return Screen(text=f"{sent}\n{gone}")


def archive_not_sent(event: ArchiveNotSent, say: Texts) -> Screen:
    match event.reason:
        case "gone":
            text = say("<b>{name}</b>: nothing is sent, all its files are gone.", name=event.name)
        case "unreachable":
            text = say("<b>{name}</b>: nothing more is sent, this chat is closed.", name=event.name)
    return Screen(text=text)
