"""How a type is renamed and deleted."""

from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.documents import (
    DeleteType,
    GetType,
    Missing,
    RenameType,
    TypeDetails,
    TypeRenamed,
)
from screens import documents as screens
from screens import errors
from screens.documents import DeleteTypeButton, EditTypeButton, RenameTypeButton, TypesButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.adding import EMOJI_LIMIT, FRONT_DOOR
from services.bot.documents.browsing import TYPES
from services.bot.documents.emoji import split_emoji
from services.bot.executing import execute_and_show
from services.bot.forms import Form, Text


def type_recalled(*, name: str, type_id: int, version: int) -> RenameType:
    emoji, rest = split_emoji(name, EMOJI_LIMIT)
    return RenameType(type_id=type_id, version=version, name=rest, emoji=emoji)


RENAME_TYPE = Form(
    name="documents.rename_type",
    command=RenameType,
    fields=(Text(name="name", label=screens.name_label, question=screens.ask_type_name),),
    build=type_recalled,
    done=TypeRenamed,
    home=FRONT_DOOR.home,
    review=False,
)


async def show_type(
    _: CallbackQuery, callback_data: EditTypeButton, conversation: Conversation
) -> None:
    """Show what can be done with a type."""
    try:
        found = await conversation.ask(GetType(type_id=callback_data.type_id))
    except QueryUnavailable:
        retry = callback_data.pack()
        await conversation.show(errors.cannot_look_up(conversation.say, retry, conversation.code))
        return
    match found:
        case TypeDetails():
            await conversation.show(screens.type_editing(found, conversation.say))
        case Missing():
            await conversation.toast(errors.no_longer_there(conversation.say))
            await TYPES.show(TypesButton(), conversation)


async def begin_to_rename_type(
    _: CallbackQuery, callback_data: RenameTypeButton, conversation: Conversation
) -> None:
    type_id, version = callback_data.type_id, callback_data.version
    await forms.start(RENAME_TYPE, conversation, type_id=type_id, version=version)


async def delete_type(
    _: CallbackQuery, callback_data: DeleteTypeButton, conversation: Conversation
) -> None:
    seen = DeleteType(type_id=callback_data.type_id, version=callback_data.version)
    await execute_and_show(seen, conversation)
