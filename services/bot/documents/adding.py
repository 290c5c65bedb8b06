"""How documents are added and renamed: the forms, and what is asked in them."""

from pathlib import PurePath
from typing import Any

from aiogram.types import CallbackQuery, Message

from contracts.base import Command, Event, Page
from contracts.documents import (
    AddDocument,
    AddType,
    AddVersion,
    DocumentAdded,
    DocumentRenamed,
    ListTypes,
    RenameDocument,
    TypeAdded,
    UploadIds,
    VersionAdded,
)
from screens import documents as screens
from screens.documents import RenameButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.emoji import split_emoji
from services.bot.forms import (
    Answer,
    Choice,
    Creation,
    Form,
    FormState,
    Offer,
    Text,
    Uploads,
)
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
    """Return the name of the first file that was sent, without its extension."""
    return PurePath(state.answers["upload_ids"].label.splitlines()[0]).stem


def added_or_versioned(
    *, upload_ids: UploadIds, allow_same_content: int = 0, document_id: int = 0, **named: Any
) -> Command[Any]:
    """Return what saves the files: beside all others, or as a new version of a document."""
    allowed = bool(allow_same_content)
    if document_id:
        return AddVersion(
            document_id=document_id, upload_ids=upload_ids, allow_same_content=allowed
        )
    return AddDocument(upload_ids=upload_ids, allow_same_content=allowed, **named)


NEW_TYPE = Creation(
    button=screens.new_type,
    question=screens.ask_new_type,
    command=type_called,
    text="name",
    added=added_type,
)

ADD = Form(
    name="documents.add_files",
    command=AddDocument,
    fields=(
        Uploads(
            name="upload_ids",
            label=screens.file_label,
            several=screens.files_label,
            shorten=screens.shorten,
            question=screens.ask_file,
            photo_name=screens.photo_name,
            file_name=screens.file_name,
        ),
        Choice(
            name="type_id",
            label=screens.type_label,
            question=screens.ask_type,
            options=own_types,
            creation=NEW_TYPE,
        ),
        Text(
            name="name",
            label=screens.name_label,
            question=screens.ask_name,
            proposal=name_of_file,
        ),
    ),
    build=added_or_versioned,
    done=(DocumentAdded, VersionAdded),
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
        filling.begin_message(message)
        await filling.read(message)


async def begin_to_rename(
    _: CallbackQuery, callback_data: RenameButton, conversation: Conversation
) -> None:
    document, version = callback_data.document_id, callback_data.version
    await forms.start(RENAME, conversation, document_id=document, version=version)
