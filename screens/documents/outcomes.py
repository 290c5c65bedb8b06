"""What became of a change: the same screens in time and late."""

from contracts.documents import (
    DocumentAdded,
    DocumentDeleted,
    DocumentRefused,
    DocumentRenamed,
    DocumentRestored,
    TypeAdded,
    TypeRefused,
)
from contracts.screens import Button, Screen
from screens.buttons import Row, button
from screens.documents.buttons import DocumentButton, TypesButton, UndoButton
from screens.documents.menu import beginnings
from screens.documents.questions import type_name
from screens.forms import again
from screens.texts import Texts


def type_added(event: TypeAdded, say: Texts) -> Screen:
    choose = again(say.plain("Choose the type"), "type_id")
    text = say("New type: <b>{type}</b>", type=type_name(event.emoji, event.name))
    return Screen(text=text, buttons=((choose,),))


def type_refused(event: TypeRefused, say: Texts) -> Screen:
    choose = again(say.plain("Choose the type"), "type_id")
    return Screen(text=_why_no_type(event, say), buttons=((choose,),))


def document_added(event: DocumentAdded, say: Texts) -> Screen:
    text = say("Saved: <b>{name}</b>, under {type}.", name=event.name, type=event.type_name)
    return Screen(text=text, buttons=(beginnings(say),))


def document_renamed(event: DocumentRenamed, say: Texts) -> Screen:
    text = say("It is now called <b>{name}</b>.", name=event.name)
    return Screen(text=text, buttons=((_show(event.document_id, say), _my_documents(say)),))


def document_deleted(event: DocumentDeleted, say: Texts) -> Screen:
    undo = button(say.plain("Undo"), UndoButton(document_id=event.document_id))
    text = say("Deleted: <b>{name}</b>", name=event.name)
    return Screen(text=text, buttons=((undo, _my_documents(say)),))


def document_restored(event: DocumentRestored, say: Texts) -> Screen:
    text = say("<b>{name}</b> is back.", name=event.name)
    return Screen(text=text, buttons=((_show(event.document_id, say), _my_documents(say)),))


def document_refused(event: DocumentRefused, say: Texts) -> Screen:
    return Screen(text=_why_no_change(event, say), buttons=(_ways_on(event, say),))


def _why_no_type(event: TypeRefused, say: Texts) -> str:
    match event.reason:
        case "name_taken":
            return say(
                "You have a type <b>{name}</b> already. Choose it, or add one of another name.",
                name=event.name,
            )
        case "too_many_types":
            return say(
                "<b>{name}</b> was not added: you have as many types as there may be. "
                "Choose one of them.",
                name=event.name,
            )


def _why_no_change(event: DocumentRefused, say: Texts) -> str:
    match event.reason:
        case "name_taken":
            return say(
                "There is a document called <b>{name}</b> under {type} already.",
                name=event.name,
                type=event.type_name,
            )
        case "no_such_type":
            return say("<b>{name}</b> was not saved: its type is gone.", name=event.name)
        case "no_such_document":
            return say("This document is no longer there.")
        case "changed_meanwhile":
            return say("The document was changed meanwhile. Look at it again before you go on.")
        case "upload_lost":
            return say(
                "<b>{name}</b> was not saved: Telegram no longer hands out the file. "
                "Please send it again.",
                name=event.name,
            )


def _ways_on(event: DocumentRefused, say: Texts) -> Row:
    match event.reason:
        case "name_taken":
            way_on = again(say.plain("Another name"), "name", event.name)
        case "no_such_type":
            way_on = again(say.plain("Another type"), "type_id", event.name)
        case "upload_lost":
            way_on = again(say.plain("Send the file again"), "upload_id", event.name)
        case "changed_meanwhile" if event.document_id:
            way_on = _show(event.document_id, say)
        case _:
            return (_my_documents(say),)
    return (way_on, _my_documents(say))


def _show(document_id: int, say: Texts) -> Button:
    return button(say.plain("Show it"), DocumentButton(document_id=document_id))


def _my_documents(say: Texts) -> Button:
    return button(say.plain("My documents"), TypesButton())
