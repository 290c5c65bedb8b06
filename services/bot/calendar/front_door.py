"""What the calendar bot says at its front door."""

from screens import calendar as screens
from services.bot.menu import FrontDoor

FRONT_DOOR = FrontDoor(greeting=screens.greeting, help_text=screens.help_text, menu=screens.menu)
