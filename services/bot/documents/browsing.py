"""How documents are found, sent again, deleted and brought back."""

from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.documents import (
    DeleteDocument,
    Document,
    DocumentPage,
    GetDocument,
    ListDocuments,
    ListTypes,
    Missing,
    RestoreDocument,
    TypePage,
)
from screens import documents as screens
from screens import errors
from screens.documents import (
    DeleteButton,
    DocumentButton,
    TypeButton,
    TypesButton,
    UndoButton,
)
from services.bot.conversation import Conversation
from services.bot.documents import sending
from services.bot.executing import execute_and_show
from services.bot.lists import PagedList

TYPES = PagedList(
    button=TypesButton,
    page=TypePage,
    query=lambda at, page: ListTypes(page=page),
    screen=screens.type_list,
)

DOCUMENTS = PagedList(
    button=TypeButton,
    page=DocumentPage,
    query=lambda at, page: ListDocuments(type_id=at.type_id, page=page),
    screen=screens.document_list,
    parent=TYPES,
)


async def show_types(_: Message, conversation: Conversation) -> None:
    await TYPES.show(TypesButton(), conversation)


async def send_document(
    _: CallbackQuery, callback_data: DocumentButton, conversation: Conversation
) -> None:
    """Send the file below the list, which stays for the next choice."""
    try:
        found = await conversation.ask(GetDocument(document_id=callback_data.document_id))
    except QueryUnavailable:
        retry = callback_data.pack()
        await conversation.send(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    match found:
        case Document():
            screen = screens.document(found, conversation.person.time_zone, conversation.say)
            await sending.send(found, screen, conversation)
        case Missing():
            await conversation.toast(errors.no_longer_there(conversation.say))
            await _show_list(callback_data, conversation)


async def delete_document(
    _: CallbackQuery, callback_data: DeleteButton, conversation: Conversation
) -> None:
    seen = DeleteDocument(document_id=callback_data.document_id, version=callback_data.version)
    await execute_and_show(seen, conversation)


async def restore_document(
    _: CallbackQuery, callback_data: UndoButton, conversation: Conversation
) -> None:
    await execute_and_show(RestoreDocument(document_id=callback_data.document_id), conversation)


async def _show_list(came_from: DocumentButton, conversation: Conversation) -> None:
    if came_from.type_id:
        page = TypeButton(type_id=came_from.type_id, offset=came_from.offset)
        await DOCUMENTS.show(page, conversation)
    else:
        await TYPES.show(TypesButton(), conversation)
