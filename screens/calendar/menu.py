"""The front door of the calendar bot."""

from contracts.screens import Button, Screen
from screens import menu as every_menu
from screens.buttons import Row, button
from screens.calendar.buttons import (
    CalendarSettingsButton,
    MonthButton,
    NewTaskButton,
    View,
    ViewButton,
)
from screens.searching import SearchButton
from screens.texts import Texts


def menu(say: Texts, text: str = "") -> Screen:
    """Return the main menu below `text`, which is HTML."""
    return Screen(text=text or say("What shall we do?"), buttons=menu_rows(say))


def menu_rows(say: Texts) -> tuple[Row, ...]:
    """Return the rows of the menu; the views have them below what they show."""
    views: tuple[View, ...] = ("today", "week", "all", "done")
    return (
        (new_task(say), button(say.plain("Month"), MonthButton())),
        tuple(view_button(view, say) for view in views),
        (
            button(say.plain("Search"), SearchButton()),
            button(say.plain("Settings"), every_menu.SettingsButton()),
        ),
    )


def new_task(say: Texts) -> Button:
    return button(say.plain("New task"), NewTaskButton())


def view_button(view: View, say: Texts) -> Button:
    """Return the button to the first page of a view."""
    return button(view_name(view, say), ViewButton(view=view))


def view_name(view: View, say: Texts) -> str:
    """Return what a view is called, plain."""
    match view:
        case "today":
            return say.plain("Today")
        case "week":
            return say.plain("Week")
        case "all":
            return say.plain("All")
        case "done":
            return say.plain("Done")


def one_line(say: Texts) -> str:
    """Return a task as it is added in one line, plain."""
    return say.plain("/new tomorrow 14:00 call mom")


def settings_rows(say: Texts) -> tuple[Row, ...]:
    """Return what the calendar adds to a person's settings."""
    return ((button(say.plain("Reminders, digest, subscribing"), CalendarSettingsButton()),),)


def greeting(say: Texts) -> str:
    return say(
        "Hello! I keep your schedule and remind you in time. Begin with a button, or with one "
        "line: <code>{example}</code>",
        example=one_line(say),
    )


def help_text(say: Texts) -> str:
    return say(
        "/new adds a task; with words it does so at once: <code>{example}</code>\n"
        "/today, /week, /all and /done show what there is, /month shows its days\n"
        "/search finds tasks by any part of a title or a note\n"
        "/export sends your calendar as a file, /subscribe has other programs show it\n"
        "/settings changes your language, time zone and reminders, or forgets you\n"
        "/cancel leaves whatever you are doing",
        example=one_line(say),
    )


def commands(say: Texts) -> dict[str, str]:
    """Return the commands of Telegram's own menu with their descriptions."""
    return {
        "start": every_menu.start_description(say),
        "new": say.plain("Add a task"),
        "today": say.plain("Show what is due today"),
        "week": say.plain("Show the next seven days"),
        "all": say.plain("Show all open tasks"),
        "done": say.plain("Show what is done"),
        "month": say.plain("Show a month"),
        "search": say.plain("Search titles and notes"),
        "export": say.plain("Send my calendar as a file"),
        "subscribe": say.plain("Show my calendar in other programs"),
        "settings": every_menu.settings_description(say),
        "help": every_menu.help_description(say),
        "cancel": every_menu.cancel_description(say),
    }
