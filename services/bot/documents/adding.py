"""How documents are added and renamed: the forms, and what is asked in them."""

from pathlib import PurePath

from aiogram.types import CallbackQuery, Message

from contracts.base import Event, Page
from contracts.documents import (
    AddDocument,
    AddType,
    DocumentAdded,
    DocumentRenamed,
    ListTypes,
    RenameDocument,
    TypeAdded,
)
from screens import documents as screens
from screens.documents import RenameButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.emoji import split_emoji
from services.bot.forms import Answer, Choice, Creation, Form, FormState, Offer, Text, Upload
from services.bot.menu import FrontDoor

EMOJI_LIMIT = 16

FRONT_DOOR = FrontDoor(greeting=screens.greeting, help_text=screens.help_text, menu=screens.menu)


async def own_types(conversation: Conversation, page: Page) -> Offer:
    found = await conversation.ask(ListTypes(page=page))
    types = ((kind.type_id, screens.type_name(kind.emoji, kind.name)) for kind in found.types)
    return Offer(tuple(Answer(*kind) for kind in types), found.total)


def type_called(text: str) -> AddType:
    emoji, name = split_emoji(forms.tidy(text), EMOJI_LIMIT)
    return AddType(name=name, emoji=emoji)


def added_type(outcome: Event) -> Answer | None:
    if not isinstance(outcome, TypeAdded):
        return None
    return Answer(outcome.type_id, screens.type_name(outcome.emoji, outcome.name))


def name_of_file(state: FormState) -> str:
    """Return the name of the file that was sent, without its extension."""
    return PurePath(state.answers["upload_id"].label).stem


ADD = Form(
    name="documents.add",
    command=AddDocument,
    fields=(
        Upload(
            name="upload_id",
            label=screens.file_label,
            question=screens.ask_file,
            photo_name=screens.photo_name,
            file_name=screens.file_name,
        ),
        Choice(
            name="type_id",
            label=screens.type_label,
            question=screens.ask_type,
            options=own_types,
            creation=Creation(
                button=screens.new_type,
                question=screens.ask_new_type,
                command=type_called,
                text="name",
                added=added_type,
            ),
        ),
        Text(
            name="name",
            label=screens.name_label,
            question=screens.ask_name,
            proposal=name_of_file,
        ),
    ),
    done=DocumentAdded,
    home=FRONT_DOOR.home,
)

RENAME = Form(
    name="documents.rename",
    command=RenameDocument,
    fields=(Text(name="name", label=screens.name_label, question=screens.ask_new_name),),
    done=DocumentRenamed,
    home=FRONT_DOOR.home,
    review=False,
)


async def begin_to_add(_: CallbackQuery | Message, conversation: Conversation) -> None:
    await forms.start(ADD, conversation)


async def add_sent_file(message: Message, conversation: Conversation) -> None:
    """Take a file that was sent unasked as the first answer."""
    filling = await forms.open_form(ADD, conversation)
    if filling:
        await filling.read(message)


async def begin_to_rename(
    _: CallbackQuery, callback_data: RenameButton, conversation: Conversation
) -> None:
    document, version = callback_data.document_id, callback_data.version
    await forms.start(RENAME, conversation, document_id=document, version=version)
