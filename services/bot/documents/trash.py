"""How the trash is looked through and emptied."""

from aiogram.types import CallbackQuery, Message

from contracts.documents import EmptyTrash, ListTrash, TrashPage
from screens import documents as screens
from screens.documents import EmptyTrashButton, TrashButton
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.lists import PagedList

TRASH = PagedList(
    button=TrashButton,
    page=TrashPage,
    query=lambda at, page: ListTrash(page=page),
    dated_screen=screens.trash_list,
)


async def show_trash(_: Message, conversation: Conversation) -> None:
    await TRASH.show(TrashButton(), conversation)


async def empty_trash(
    _: CallbackQuery, callback_data: EmptyTrashButton, conversation: Conversation
) -> None:
    """Ask first, then do it."""
    if callback_data.sure:
        await execute_and_show(EmptyTrash(until=callback_data.until), conversation)
    else:
        await conversation.show(screens.confirm_emptying(callback_data, conversation.say))
