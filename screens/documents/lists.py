"""The types, the documents under a type, and a document itself."""

from contracts.documents import Document, DocumentPage, TypePage
from contracts.screens import Media, Screen
from screens.buttons import button, pager
from screens.documents.buttons import (
    AddButton,
    DeleteButton,
    DocumentButton,
    RenameButton,
    TypeButton,
    TypesButton,
)
from screens.documents.questions import type_name
from screens.menu import to_menu
from screens.texts import Texts


def type_list(page: TypePage, at: TypesButton, say: Texts) -> Screen:
    if not page.total:
        return Screen(
            text=say("You have no documents yet. Send me a file or a photo to begin."),
            buttons=((button(say.plain("Add document"), AddButton()), to_menu(say)),),
        )
    rows = tuple(
        (
            button(
                f"{type_name(kind.emoji, kind.name)} ({kind.documents})",
                TypeButton(type_id=kind.type_id),
            ),
        )
        for kind in page.types
    )
    turns = pager(at.offset, page.total, lambda offset: TypesButton(offset=offset))
    return Screen(text=say("Your documents by type:"), buttons=(*rows, *turns, (to_menu(say),)))


def document_list(page: DocumentPage, at: TypeButton, say: Texts) -> Screen:
    title = type_name(page.emoji, page.type_name)
    back = button(say.plain("Back"), TypesButton())
    if not page.total:
        return Screen(
            text=say("<b>{type}</b>: no documents yet. Send me one to begin.", type=title),
            buttons=((button(say.plain("Add document"), AddButton()), back),),
        )
    here = {"type_id": page.type_id, "offset": at.offset}
    rows = tuple(
        (button(found.name, DocumentButton(document_id=found.document_id, **here)),)
        for found in page.documents
    )
    turns = pager(
        at.offset, page.total, lambda offset: TypeButton(type_id=page.type_id, offset=offset)
    )
    text = say(
        "<b>{type}</b>: {first} to {last} of {total}",
        type=title,
        first=at.offset + 1,
        last=at.offset + len(page.documents),
        total=page.total,
    )
    return Screen(text=text, buttons=(*rows, *turns, (back,)))


def document(found: Document, time_zone: str, say: Texts) -> Screen:
    """Return the file itself; Telegram has it still, or says that it has not."""
    known = {"document_id": found.document_id, "version": found.version}
    return Screen(
        text=say(
            "<b>{name}</b>\n{type}, added {moment}",
            name=found.name,
            type=found.type_name,
            moment=say.moment(found.added_at, time_zone),
        ),
        buttons=(
            (
                button(say.plain("Rename"), RenameButton(**known)),
                button(say.plain("Delete"), DeleteButton(**known)),
            ),
        ),
        media=Media(kind=found.kind, file_id=found.file_id),
    )
