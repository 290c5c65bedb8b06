"""How documents are searched for, and what was found."""

from contracts.documents import FoundDocument, SearchPage
from contracts.screens import Screen
from screens.buttons import Row, button, pager
from screens.documents.buttons import DocumentButton
from screens.documents.menu import my_documents
from screens.forms import again
from screens.menu import to_menu
from screens.searching import FoundButton
from screens.texts import Texts


def ask_words(say: Texts) -> str:
    return say(
        "What shall I look for? Send me any part of a name or a note, "
        "or several, such as <code>pass 2024</code>."
    )


def found(page: SearchPage, at: FoundButton, words: str, say: Texts) -> Screen:
    """Return a page of what was found, or how to go on where nothing was."""
    other = again(say.plain("Other words"), "words", words)
    if not page.total:
        text = say(
            "I found nothing with <b>{words}</b> in its name or note. "
            "Fewer words find more, and so do parts of words.",
            words=words,
        )
        return Screen(text=text, buttons=((other, my_documents(say)),))
    turns = pager(
        at.offset, page.total, lambda offset: FoundButton(form_id=at.form_id, offset=offset)
    )
    rows = (*_choices(page.documents), *turns, (other, to_menu(say)))
    return Screen(text=_counted(page, at.offset, say), buttons=rows)


def _counted(page: SearchPage, offset: int, say: Texts) -> str:
    text = say(
        "<b>{words}</b>: {first} to {last} of {total}",
        words=page.words,
        first=offset + 1,
        last=offset + len(page.documents),
        total=page.total,
    )
    if page.more:
        text += "\n" + say("These are the newest; there are more. One more word narrows it down.")
    return text


def _choices(documents: tuple[FoundDocument, ...]) -> tuple[Row, ...]:
    """Return a button each; of the same name, they are told apart by their types."""
    names = [document.name.lower() for document in documents]
    return tuple(
        (
            button(
                _label(document, alone=names.count(document.name.lower()) == 1),
                DocumentButton(document_id=document.document_id),
            ),
        )
        for document in documents
    )


def _label(document: FoundDocument, *, alone: bool) -> str:
    return document.name if alone else f"{document.name} ({document.type_name})"
