"""The types, and the documents under a type."""

import html

from contracts.documents import DocumentPage, TypePage, Usage
from contracts.screens import Screen
from screens.buttons import button, pager
from screens.documents.buttons import (
    AddButton,
    DocumentButton,
    DownloadAllButton,
    EditTypeButton,
    TypeButton,
    TypesButton,
)
from screens.documents.expiry import expiry
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
    text = say("Your documents by type:")
    if page.usage:
        text += "\n" + _used(page.usage, say)
    return Screen(text=text, buttons=(*rows, *turns, (to_menu(say),)))


def _used(usage: Usage, say: Texts) -> str:
    return say(
        "{documents} of {documents_allowed} documents, {size} of {size_allowed}",
        documents=usage.documents,
        documents_allowed=usage.documents_allowed,
        size=say.size(usage.size),
        size_allowed=say.size(usage.size_allowed),
    )


def document_list(page: DocumentPage, at: TypeButton, say: Texts) -> Screen:
    title = type_name(page.emoji, page.type_name)
    edit = button(say.plain("Edit type"), EditTypeButton(type_id=page.type_id))
    back = button(say.plain("Back"), TypesButton())
    if not page.total:
        return Screen(
            text=say("<b>{type}</b>: no documents yet. Send me one to begin.", type=title),
            buttons=((button(say.plain("Add document"), AddButton()),), (edit, back)),
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
    text = "\n".join([text, *_expiries(page, say)])
    everything = button(say.plain("Download all"), DownloadAllButton(type_id=page.type_id))
    return Screen(text=text, buttons=(*rows, *turns, (everything,), (edit, back)))


def _expiries(page: DocumentPage, say: Texts) -> list[str]:
    """Return a line for each document of the page that expires; their buttons have no room."""
    return [
        f"{html.escape(found.name)}: {expiry(found.expires_on, say, expired=found.expired)}"
        for found in page.documents
        if found.expires_on
    ]
