"""How tasks are searched for."""

from contracts.calendar import SearchTasks, TaskPage
from screens import calendar as screens
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.searching import Search

SEARCH = Search(
    name="calendar.search",
    query=SearchTasks,
    found=TaskPage,
    screen=screens.found,
    question=screens.ask_words,
    home=FRONT_DOOR.home,
)
