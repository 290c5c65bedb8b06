"""What the calendar bot says at its front door: to whoever has tasks, what today holds."""

from screens import calendar as screens
from services.bot.calendar.browsing import schedule
from services.bot.menu import FrontDoor

FRONT_DOOR = FrontDoor(
    greeting=screens.greeting,
    help_text=screens.help_text,
    menu=screens.menu,
    welcome_back=schedule,
)
