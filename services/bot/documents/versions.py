"""What a document consisted of: listed, sent, and brought back."""

from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.documents import (
    Document,
    GetDocument,
    ListVersions,
    Missing,
    RestoreVersion,
    VersionPage,
)
from screens import documents as screens
from screens import errors
from screens.documents import RestoreVersionButton, VersionButton, VersionsButton
from services.bot.conversation import Conversation
from services.bot.documents import sending
from services.bot.documents.browsing import TYPES
from services.bot.executing import execute_and_show
from services.bot.lists import PagedList

VERSIONS = PagedList(
    button=VersionsButton,
    page=VersionPage,
    query=lambda at, page: ListVersions(document_id=at.document_id, page=page),
    dated_screen=screens.version_list,
    parent=TYPES,
)


async def send_version(
    _: CallbackQuery, callback_data: VersionButton, conversation: Conversation
) -> None:
    """Send the files of a version below the list, which stays for the next choice."""
    wanted = GetDocument(document_id=callback_data.document_id, number=callback_data.number)
    try:
        found = await conversation.ask(wanted)
    except QueryUnavailable:
        retry = callback_data.pack()
        await conversation.send(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    match found:
        case Document():
            screen = screens.version(found, conversation.person.time_zone, conversation.say)
            await sending.send(found, screen, conversation)
        case Missing():
            await conversation.toast(errors.no_longer_there(conversation.say))


async def restore_version(
    _: CallbackQuery, callback_data: RestoreVersionButton, conversation: Conversation
) -> None:
    seen = RestoreVersion(
        document_id=callback_data.document_id,
        version=callback_data.version,
        number=callback_data.number,
    )
    await execute_and_show(seen, conversation)
