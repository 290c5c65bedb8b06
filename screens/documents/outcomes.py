"""What became of a change: the same screens in time and late."""

from contracts.documents import (
    DocumentAdded,
    DocumentDeleted,
    DocumentRenamed,
    DocumentRestored,
    NoteChanged,
    VersionAdded,
    VersionRestored,
)
from contracts.screens import Screen
from screens.buttons import button
from screens.documents.buttons import UndoButton
from screens.documents.menu import beginnings, my_documents, show_document
from screens.texts import Texts


def document_added(event: DocumentAdded, say: Texts) -> Screen:
    text = say("Saved: <b>{name}</b>, under {type}.", name=event.name, type=event.type_name)
    return Screen(text=text, buttons=(beginnings(say),))


def document_renamed(event: DocumentRenamed, say: Texts) -> Screen:
    text = say("It is now called <b>{name}</b>.", name=event.name)
    return Screen(text=text, buttons=((show_document(event.document_id, say), my_documents(say)),))


def document_deleted(event: DocumentDeleted, say: Texts) -> Screen:
    undo = button(say.plain("Undo"), UndoButton(document_id=event.document_id))
    text = say("Deleted: <b>{name}</b>", name=event.name)
    return Screen(text=text, buttons=((undo, my_documents(say)),))


def document_restored(event: DocumentRestored, say: Texts) -> Screen:
    text = say("<b>{name}</b> is back.", name=event.name)
    return Screen(text=text, buttons=((show_document(event.document_id, say), my_documents(say)),))


def version_added(event: VersionAdded, say: Texts) -> Screen:
    text = say(
        "Saved: version {number} of <b>{name}</b>, under {type}.",
        number=event.number,
        name=event.name,
        type=event.type_name,
    )
    return Screen(text=text, buttons=(beginnings(say),))


def version_restored(event: VersionRestored, say: Texts) -> Screen:
    text = say(
        "<b>{name}</b> consists of version {number} again.", name=event.name, number=event.number
    )
    return Screen(text=text, buttons=((show_document(event.document_id, say), my_documents(say)),))


def note_changed(event: NoteChanged, say: Texts) -> Screen:
    text = (
        say("Noted about <b>{name}</b>.", name=event.name)
        if event.note
        else say("There is no note about <b>{name}</b> any more.", name=event.name)
    )
    return Screen(text=text, buttons=((show_document(event.document_id, say), my_documents(say)),))
