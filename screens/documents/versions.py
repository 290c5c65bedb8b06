"""What a document consisted of, version by version."""

from contracts.documents import DocumentVersion, VersionPage
from contracts.screens import Button, Screen
from screens.buttons import button, pager
from screens.documents.buttons import VersionButton, VersionsButton
from screens.documents.menu import show_document
from screens.texts import Texts

NAMES_SHOWN = 3
NAME_LENGTH = 60


def version_list(page: VersionPage, at: VersionsButton, time_zone: str, say: Texts) -> Screen:
    lines = [_line(version, page, time_zone, say) for version in page.versions]
    rows = tuple((_choice(version, page.document_id, time_zone, say),) for version in page.versions)
    turns = pager(
        at.offset,
        page.total,
        lambda offset: VersionsButton(document_id=page.document_id, offset=offset),
    )
    text = say("Versions of <b>{name}</b>:", name=page.name)
    back = show_document(page.document_id, say)
    return Screen(text="\n".join([text, "", *lines]), buttons=(*rows, *turns, (back,)))


def shorten(file_name: str) -> str:
    """Return a file's name as it is shown among others, plain."""
    if len(file_name) <= NAME_LENGTH:
        return file_name
    return file_name[: NAME_LENGTH - 1] + "…"


def _choice(version: DocumentVersion, document_id: int, time_zone: str, say: Texts) -> Button:
    label = say.plain(
        "Version {number}, {moment}",
        number=version.number,
        moment=say.moment(version.added_at, time_zone),
    )
    return button(label, VersionButton(document_id=document_id, number=version.number))


def _line(version: DocumentVersion, page: VersionPage, time_zone: str, say: Texts) -> str:
    values = {
        "number": version.number,
        "moment": say.moment(version.added_at, time_zone),
        "files": _files(version.file_names, say),
    }
    if version.number == page.current:
        return say("<b>{number}</b>, {moment}, current: {files}", **values)
    return say("<b>{number}</b>, {moment}: {files}", **values)


def _files(names: tuple[str, ...], say: Texts) -> str:
    shown = ", ".join(map(shorten, names[:NAMES_SHOWN]))
    more = len(names) - NAMES_SHOWN
    return say.plain("{files} and {more} more", files=shown, more=more) if more > 0 else shown
