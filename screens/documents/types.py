"""What can be done with a type, and what became of it; and of a document that went to another."""

from contracts.documents import (
    DocumentMoved,
    TypeAdded,
    TypeDeleted,
    TypeDetails,
    TypeRefused,
    TypeRenamed,
)
from contracts.screens import Screen
from screens.buttons import Row, button
from screens.documents.buttons import (
    DeleteTypeButton,
    EditTypeButton,
    RenameTypeButton,
    TypeButton,
)
from screens.documents.menu import my_documents, show_document, trash_button
from screens.documents.questions import type_name
from screens.forms import again
from screens.texts import Texts


def ask_other_type(say: Texts) -> str:
    return say("Which type shall it go to?")


def ask_type_name(say: Texts) -> str:
    return say("What shall the type be called from now on? It may begin with an emoji.")


def type_editing(found: TypeDetails, say: Texts) -> Screen:
    """Return a type with what can be done with it."""
    text = say(
        "<b>{type}</b>\nDocuments: {documents}\nIn the trash: {in_trash}",
        type=type_name(found.emoji, found.name),
        documents=found.documents,
        in_trash=found.in_trash,
    )
    known = {"type_id": found.type_id, "version": found.version}
    changes = (
        button(say.plain("Rename type"), RenameTypeButton(**known)),
        button(say.plain("Delete type"), DeleteTypeButton(**known)),
    )
    back = button(say.plain("Back"), TypeButton(type_id=found.type_id))
    return Screen(text=text, buttons=(changes, (back,)))


def type_added(event: TypeAdded, say: Texts) -> Screen:
    choose = again(say.plain("Choose the type"), "type_id")
    text = say("New type: <b>{type}</b>", type=type_name(event.emoji, event.name))
    return Screen(text=text, buttons=((choose,),))


def type_renamed(event: TypeRenamed, say: Texts) -> Screen:
    name = type_name(event.emoji, event.name)
    text = say("The type is now called <b>{type}</b>.", type=name)
    show = button(name, TypeButton(type_id=event.type_id))
    return Screen(text=text, buttons=((show, my_documents(say)),))


def type_deleted(event: TypeDeleted, say: Texts) -> Screen:
    text = say("The type <b>{type}</b> is gone.", type=event.name)
    return Screen(text=text, buttons=((my_documents(say),),))


def document_moved(event: DocumentMoved, say: Texts) -> Screen:
    text = say("<b>{name}</b> is under {type} now.", name=event.name, type=event.type_name)
    return Screen(text=text, buttons=((show_document(event.document_id, say), my_documents(say)),))


def type_refused(event: TypeRefused, say: Texts) -> Screen:
    if not event.type_id:
        choose = again(say.plain("Choose the type"), "type_id")
        return Screen(text=_why(event, say), buttons=((choose,),))
    return Screen(text=_why(event, say), buttons=(_ways_on(event, say),))


def _why(event: TypeRefused, say: Texts) -> str:
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
        case "no_such_type":
            return say("This type is no longer there.")
        case "changed_meanwhile":
            return say("The type was changed meanwhile. Look at it again before you go on.")
        case "has_documents":
            return _not_empty(event, say)
        case "has_trash":
            return _waited_for(event, say)


def _not_empty(event: TypeRefused, say: Texts) -> str:
    return say.plural(
        "<b>{type}</b> stays: {n} document is under it. Move or delete it first.",
        "<b>{type}</b> stays: {n} documents are under it. Move or delete them first.",
        event.documents,
        type=event.name,
    )


def _waited_for(event: TypeRefused, say: Texts) -> str:
    return say.plural(
        "<b>{type}</b> stays: {n} document in the trash would return to it. "
        "Empty the trash first, or restore and move it.",
        "<b>{type}</b> stays: {n} documents in the trash would return to it. "
        "Empty the trash first, or restore and move them.",
        event.documents,
        type=event.name,
    )


def _ways_on(event: TypeRefused, say: Texts) -> Row:
    match event.reason:
        case "name_taken":
            return (again(say.plain("Another name"), "name", event.type_id), my_documents(say))
        case "changed_meanwhile":
            look = button(say.plain("Show it"), EditTypeButton(type_id=event.type_id))
            return (look, my_documents(say))
        case "has_documents":
            show = button(say.plain("Show them"), TypeButton(type_id=event.type_id))
            return (show, my_documents(say))
        case "has_trash":
            return (trash_button(say), my_documents(say))
        case _:
            return (my_documents(say),)
