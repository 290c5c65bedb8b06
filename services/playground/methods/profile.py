"""getMe, and the commands menu."""

from aiogram.methods import DeleteMyCommands, GetMe, GetMyCommands, SetMyCommands
from aiogram.types import BotCommand, User

from services.playground.bots import Bot
from services.playground.errors import BadRequest
from services.playground.state import State

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
COMMAND_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


async def get_me(state: State, bot: Bot, method: GetMe) -> User:
    """Who the token belongs to."""
    return bot.user.model_copy(
        update={
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
    )


async def set_my_commands(state: State, bot: Bot, method: SetMyCommands) -> bool:
    """Replace the menu of a scope and language."""
    if len(method.commands) > MAX_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    for command in method.commands:
        _check(command)
    state.commands.set(bot.id, method.scope, method.language_code, method.commands)
    state.chats.changed.fire()
    return True


def _check(command: BotCommand) -> None:
    name = command.command.removeprefix("/")
    if not 1 <= len(name) <= 32 or not COMMAND_CHARACTERS.issuperset(name):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not 1 <= len(command.description) <= MAX_DESCRIPTION:
        raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")


async def get_my_commands(state: State, bot: Bot, method: GetMyCommands) -> list[BotCommand]:
    """The menu of a scope and language."""
    return state.commands.get(bot.id, method.scope, method.language_code)


async def delete_my_commands(state: State, bot: Bot, method: DeleteMyCommands) -> bool:
    """Forget the menu of a scope and language."""
    state.commands.delete(bot.id, method.scope, method.language_code)
    state.chats.changed.fire()
    return True
