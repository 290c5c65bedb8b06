"""How everything under a type is had at once."""

from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.documents import ListTypeFiles, Missing, TypeFiles
from contracts.files import SendArchive
from screens import documents as screens
from screens import errors
from screens.documents import DownloadAllButton
from services.bot.conversation import Conversation


async def download_all(
    _: CallbackQuery, callback_data: DownloadAllButton, conversation: Conversation
) -> None:
    """Have the files sent by the service that keeps them; that takes its time."""
    try:
        pages = await _find_all(callback_data.type_id, conversation)
    except QueryUnavailable:
        await conversation.send(
            errors.cannot_look_up(conversation.say, callback_data.pack(), conversation.code)
        )
        return
    if pages is None:
        await conversation.toast(errors.no_longer_there(conversation.say))
    elif not pages:
        await conversation.toast(screens.nothing_to_download(conversation.say))
    else:
        for page in pages:
            await _send(page, conversation)


async def _find_all(type_id: int, conversation: Conversation) -> list[TypeFiles] | None:
    """Return the files of a type, as many in each as one archive holds; None if it is gone."""
    pages: list[TypeFiles] = []
    found, total = 0, 1
    while found < total:
        page = await conversation.ask(ListTypeFiles(type_id=type_id, offset=found))
        if isinstance(page, Missing):
            return None
        if not page.files:
            break
        pages.append(page)
        found, total = found + len(page.files), page.total
    return pages


async def _send(page: TypeFiles, conversation: Conversation) -> None:
    name = screens.type_name(page.emoji, page.type_name)
    message_id = await conversation.send(screens.packing(name, conversation.say))
    archive = SendArchive(
        app=conversation.app,
        chat_id=conversation.chat_id,
        message_id=message_id,
        name=name,
        files=page.files,
    )
    await conversation.bus.send(archive, tell_of_death=True)
