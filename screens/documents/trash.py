"""The trash: what is in it and until when, how it is emptied, and what became of that."""

from contracts.documents import TrashEmptied, TrashPage
from contracts.screens import Screen
from screens.buttons import button, pager
from screens.documents.buttons import EmptyTrashButton, TrashButton, UndoButton
from screens.documents.menu import my_documents, trash_button
from screens.menu import to_menu
from screens.texts import Texts


def trash_list(page: TrashPage, at: TrashButton, time_zone: str, say: Texts) -> Screen:
    """Return a page of what can be restored."""
    if not page.total:
        text = say("The trash is empty. What you delete stays in it for 30 days.")
        return Screen(text=text, buttons=((my_documents(say), to_menu(say)),))
    lines = [
        say(
            "<b>{name}</b> ({type}) until {day}",
            name=document.name,
            type=document.type_name,
            day=say.moment(document.purged_at, time_zone, "d MMM y"),
        )
        for document in page.documents
    ]
    title = say(
        "In the trash: {first} to {last} of {total}. Each vanishes on its day.",
        first=at.offset + 1,
        last=at.offset + len(page.documents),
        total=page.total,
    )
    rows = tuple(
        (
            button(
                say.plain("Restore {name}", name=document.name),
                UndoButton(document_id=document.document_id),
            ),
        )
        for document in page.documents
    )
    turns = pager(at.offset, page.total, lambda offset: TrashButton(offset=offset))
    empty = EmptyTrashButton(until=page.newest, documents=page.total, sure=False)
    last_row = (button(say.plain("Empty trash"), empty), to_menu(say))
    return Screen(text="\n".join([title, "", *lines]), buttons=(*rows, *turns, last_row))


def confirm_emptying(pressed: EmptyTrashButton, say: Texts) -> Screen:
    text = say.plural(
        "Shall {n} document vanish for good? This cannot be undone.",
        "Shall {n} documents vanish for good? This cannot be undone.",
        pressed.documents,
    )
    sure = pressed.model_copy(update={"sure": True})
    return Screen(
        text=text,
        buttons=(
            (button(say.plain("Yes, empty it"), sure),),
            (button(say.plain("Back"), TrashButton()),),
        ),
    )


def trash_emptied(event: TrashEmptied, say: Texts) -> Screen:
    text = say.plural(
        "{n} document is gone for good.", "{n} documents are gone for good.", event.documents
    )
    if not event.left:
        return Screen(text=text, buttons=((my_documents(say), to_menu(say)),))
    text += " " + say.plural(
        "{n} is in the trash still: that was as much as goes at once.",
        "{n} are in the trash still: that was as much as goes at once.",
        event.left,
    )
    return Screen(text=text, buttons=((trash_button(say), to_menu(say)),))
