"""The calendar bot: its commands, forms, lists and buttons."""

import aiogram

from screens import calendar as screens
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.menu import described

COMMANDS = described(screens.commands)


def build_router() -> aiogram.Router:
    """Return the router of the bot; it goes last, since nothing passes its fallback."""
    router = aiogram.Router(name="calendar")
    router.include_routers(FRONT_DOOR.build_router(), FRONT_DOOR.build_fallback())
    return router
