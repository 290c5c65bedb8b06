"""Which mailings people get: refused from a message itself, or chosen in the settings."""

from aiogram.types import CallbackQuery

from contracts.people import ChangeOptOuts
from screens import people as screens
from screens.people import CategoryButton, OptOutButton
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.people.shown import ask_anew


async def show_mailings(_: CallbackQuery, conversation: Conversation) -> None:
    opted_out = conversation.person.opted_out
    await conversation.show(screens.mailings(opted_out, conversation.say))


async def change_category(
    _: CallbackQuery, callback_data: CategoryButton, conversation: Conversation
) -> None:
    command = ChangeOptOuts(category=callback_data.category, opted_out=callback_data.out)
    if await execute_and_show(command, conversation):
        await ask_anew(conversation)


async def opt_out(
    _: CallbackQuery, callback_data: OptOutButton, conversation: Conversation
) -> None:
    """Take it from below a message of a mailing, which stays to be read."""
    command = ChangeOptOuts(category=callback_data.category, opted_out=True)
    if await execute_and_show(command, conversation, below=True):
        await ask_anew(conversation)
