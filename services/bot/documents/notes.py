"""Notes about documents are written, changed and removed."""

from aiogram.types import CallbackQuery

from contracts.documents import ChangeNote, NoteChanged
from screens import documents as screens
from screens.documents import NoteButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.adding import FRONT_DOOR
from services.bot.forms import Answer, Form, Text

NOTHING = "-"


def removal(conversation: Conversation) -> tuple[Answer, ...]:
    return (Answer("", screens.remove_note(conversation.say)),)


WRITE_NOTE = Form(
    name="documents.write_note",
    command=ChangeNote,
    fields=(
        Text(
            name="note",
            label=screens.note_label,
            question=screens.ask_note,
            lines=True,
            nothing=NOTHING,
        ),
    ),
    done=NoteChanged,
    home=FRONT_DOOR.home,
    review=False,
)

CHANGE_NOTE = Form(
    name="documents.change_note",
    command=ChangeNote,
    fields=(
        Text(
            name="note",
            label=screens.note_label,
            question=screens.ask_note,
            suggest=removal,
            lines=True,
            nothing=NOTHING,
        ),
    ),
    done=NoteChanged,
    home=FRONT_DOOR.home,
    review=False,
)


async def begin_note(
    _: CallbackQuery, callback_data: NoteButton, conversation: Conversation
) -> None:
    form = CHANGE_NOTE if callback_data.noted else WRITE_NOTE
    document, version = callback_data.document_id, callback_data.version
    await forms.start(form, conversation, document_id=document, version=version)
