"""Tasks are done, opened again, deleted and restored."""

from aiogram.types import CallbackQuery

from contracts.calendar import DeleteTask, FinishTask, ReopenTask, RestoreTask
from screens import calendar as screens
from screens.calendar import (
    DeleteButton,
    DeleteRepeatingButton,
    FinishButton,
    ReopenButton,
    RestoreButton,
    clock_of,
)
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show


async def finish(_: CallbackQuery, callback_data: FinishButton, conversation: Conversation) -> None:
    seen = clock_of(callback_data.occurrence)
    await execute_and_show(FinishTask(task_id=callback_data.task_id, occurrence=seen), conversation)


async def reopen(_: CallbackQuery, callback_data: ReopenButton, conversation: Conversation) -> None:
    seen = clock_of(callback_data.occurrence)
    await execute_and_show(ReopenTask(task_id=callback_data.task_id, occurrence=seen), conversation)


async def ask_what_to_delete(
    _: CallbackQuery, callback_data: DeleteRepeatingButton, conversation: Conversation
) -> None:
    await conversation.show(screens.ask_what_to_delete(callback_data, conversation.say))


async def delete(_: CallbackQuery, callback_data: DeleteButton, conversation: Conversation) -> None:
    seen = DeleteTask(task_id=callback_data.task_id, version=callback_data.version)
    await execute_and_show(seen, conversation)


async def restore(
    _: CallbackQuery, callback_data: RestoreButton, conversation: Conversation
) -> None:
    await execute_and_show(RestoreTask(task_id=callback_data.task_id), conversation)
