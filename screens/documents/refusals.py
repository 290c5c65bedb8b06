"""Why a change of a document was not made, and the ways on: the same screens in time and late."""

from contracts.documents import DocumentRefused
from contracts.screens import Screen
from screens.buttons import Row
from screens.documents.menu import my_documents, show_document, trash_button
from screens.forms import again, leave, settle
from screens.texts import Texts


def document_refused(event: DocumentRefused, say: Texts) -> Screen:
    return Screen(text=_why(event, say), buttons=_ways_on(event, say))


def _why(event: DocumentRefused, say: Texts) -> str:
    match event.reason:
        case "same_content":
            return say(
                "<b>{name}</b> was not saved yet: the same content is in <b>{other}</b>, "
                "under {type}, already.",
                name=event.name,
                other=event.in_the_way.name if event.in_the_way else event.name,
                type=event.in_the_way.type_name if event.in_the_way else event.type_name,
            )
        case "no_such_version":
            return say("<b>{name}</b> has no such version.", name=event.name)
        case "name_taken":
            return say(
                "There is a document called <b>{name}</b> under {type} already.",
                name=event.name,
                type=event.type_name,
            )
        case "no_such_type" if event.document_id:
            return say("<b>{name}</b> stays where it is: that type is gone.", name=event.name)
        case "no_such_type":
            return say("<b>{name}</b> was not saved: its type is gone.", name=event.name)
        case "name_taken_there":
            return say(
                "<b>{name}</b> stays where it is: under {type} there is another of that name. "
                "Choose another type, or rename it first.",
                name=event.name,
                type=event.type_name,
            )
        case "name_taken_since":
            return say(
                "<b>{name}</b> stays in the trash: under {type} there is another of that name "
                "since. Rename or delete that one first.",
                name=event.name,
                type=event.type_name,
            )
        case "too_many_documents":
            return say(
                "<b>{name}</b> was not saved: you keep {used} of {allowed} documents, those in "
                "the trash included. Delete some and empty the trash, then try again.",
                name=event.name,
                used=event.used,
                allowed=event.allowed,
            )
        case "no_space":
            return say(
                "<b>{name}</b> was not saved: your files take {used} of {allowed}, those in the "
                "trash included. Delete some and empty the trash, then try again.",
                name=event.name,
                used=say.size(event.used),
                allowed=say.size(event.allowed),
            )
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


def _ways_on(event: DocumentRefused, say: Texts) -> tuple[Row, ...]:
    # Names are tidied on their way; the ids of files are the surest sign of a form.
    refused = event.upload_ids or event.name
    match event.reason:
        case "name_taken" if event.in_the_way:
            return _beside_a_namesake(event, event.in_the_way.document_id, say)
        case "same_content" if event.in_the_way:
            return _beside_the_same(event, event.in_the_way.document_id, say)
        case "name_taken":
            way_on = again(say.plain("Another name"), "name", refused)
        case "no_such_document" if event.upload_ids:
            way_on = again(say.plain("Another name"), "name", refused)
        case "no_such_type" | "name_taken_there" if event.document_id:
            other_type = again(say.plain("Another type"), "type_id", event.document_id)
            return ((other_type, show_document(event.document_id, say)), (my_documents(say),))
        case "name_taken_since" if event.in_the_way:
            other = show_document(event.in_the_way.document_id, say)
            return ((other, trash_button(say)), (my_documents(say),))
        case "too_many_documents" | "no_space":
            retry = again(say.plain("Try again"), "name", refused)
            return ((retry, trash_button(say)), (my_documents(say),))
        case "no_such_type":
            way_on = again(say.plain("Another type"), "type_id", refused)
        case "upload_lost":
            way_on = again(say.plain("Send the file again"), "upload_ids", refused)
        case "changed_meanwhile" | "no_such_version" if event.document_id:
            way_on = show_document(event.document_id, say)
        case _:
            return ((my_documents(say),),)
    return ((way_on, my_documents(say)),)


def _beside_a_namesake(event: DocumentRefused, document_id: int, say: Texts) -> tuple[Row, ...]:
    refused = event.upload_ids
    new_version = settle(say.plain("New version"), "document_id", document_id, refused)
    another_name = again(say.plain("Another name"), "name", refused)
    return ((new_version, another_name), (leave(refused, say),))


def _beside_the_same(event: DocumentRefused, document_id: int, say: Texts) -> tuple[Row, ...]:
    refused = event.upload_ids
    anyway = settle(say.plain("Save anyway"), "allow_same_content", 1, refused)
    existing = show_document(document_id, say, say.plain("Show the existing one"))
    return ((anyway, existing), (leave(refused, say),))
