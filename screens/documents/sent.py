"""A document as it is sent, in its current version or an earlier one."""

import html

from contracts.documents import Document
from contracts.screens import Media, Screen
from screens.buttons import button
from screens.documents.buttons import (
    DeleteButton,
    ExpiryButton,
    MoveButton,
    NoteButton,
    RenameButton,
    RestoreVersionButton,
    VersionsButton,
)
from screens.documents.expiry import expiry
from screens.links import to_links
from screens.texts import Texts

NOTE_IN_CAPTION = 700
"""Characters; beside name, type and moment, a caption has room for no more."""


def document(found: Document, time_zone: str, say: Texts) -> Screen:
    """Return a document with its file, if it has only one and all there is to say fits below.

    All other files are sent before. Telegram has them still, or says that it has not.
    """
    known = {"document_id": found.document_id, "version": found.version}
    noted = button(say.plain("Note"), NoteButton(**known, noted=bool(found.note)))
    versions = button(say.plain("Versions"), VersionsButton(document_id=found.document_id))
    return Screen(
        text=_described(found, time_zone, say),
        buttons=(
            (
                button(say.plain("Rename"), RenameButton(**known)),
                button(say.plain("Move"), MoveButton(**known)),
                button(say.plain("Delete"), DeleteButton(**known)),
            ),
            (
                to_links(str(found.document_id), say),
                button(say.plain("Expiry"), ExpiryButton(**known)),
            ),
            (noted, versions),
        ),
        media=_only_file(found),
    )


def _only_file(found: Document) -> Media | None:
    """Return a document's only file, if all that is said of the document fits below it."""
    if len(found.files) > 1 or len(found.note) > NOTE_IN_CAPTION:
        return None
    return Media(kind=found.files[0].kind, file_id=found.files[0].file_id)


def _described(found: Document, time_zone: str, say: Texts) -> str:
    text = say(
        "<b>{name}</b>\n{type}, added {moment}",
        name=found.name,
        type=found.type_name,
        moment=say.moment(found.added_at, time_zone),
    )
    if len(found.files) > 1:
        count = say.plural("{n} file", "{n} files", len(found.files))
        text += f", {count}"
    if found.expires_on:
        text += "\n" + expiry(found.expires_on, say, expired=found.expired)
    return f"{text}\n\n{html.escape(found.note)}" if found.note else text


def version(found: Document, time_zone: str, say: Texts) -> Screen:
    """Return what is said below the files of an earlier version."""
    restore = RestoreVersionButton(
        document_id=found.document_id, version=found.version, number=found.number
    )
    versions = VersionsButton(document_id=found.document_id)
    return Screen(
        text=say(
            "<b>{name}</b>, version {number} of {moment}",
            name=found.name,
            number=found.number,
            moment=say.moment(found.versioned_at, time_zone),
        ),
        buttons=(
            (
                button(say.plain("Restore this version"), restore),
                button(say.plain("Versions"), versions),
            ),
        ),
        media=_only_file(found),
    )
