"""The calendar in other programs: as a file, and under an address to subscribe to."""

import html

from contracts.calendar import CalendarNotSent, FeedAddress, FeedCreated, FeedRevoked, NoFeed
from contracts.screens import Screen
from screens.buttons import button
from screens.calendar.buttons import (
    CalendarSettingsButton,
    CreateFeedButton,
    FeedButton,
    RevokeFeedButton,
)
from screens.calendar.menu import menu_rows, new_task, view_button
from screens.texts import Texts


def feed(found: FeedAddress | NoFeed, say: Texts) -> Screen:
    """Return the address to subscribe to, or the way to one."""
    back = button(say.plain("Back"), CalendarSettingsButton())
    match found:
        case FeedAddress():
            text = say(
                "Subscribe to this address in your calendar program; it shows your tasks there and "
                "follows their changes. Keep it secret: whoever has it can read your calendar."
            )
            # As code it is copied by a tap, and Telegram makes no preview of it.
            url = f"<code>{html.escape(found.url)}</code>"
            revoke = button(say.plain("Revoke"), RevokeFeedButton(sure=False))
            return Screen(text=f"{text}\n\n{url}", buttons=((revoke, back),))
        case NoFeed(possible=True):
            create = button(say.plain("Create address"), CreateFeedButton())
            text = say(
                "Calendar programs can show your tasks: they subscribe to an address, which is "
                "secret. You have none yet."
            )
            return Screen(text=text, buttons=((create, back),))
        case _:
            text = say("Subscribing is not possible here: this installation has no public address.")
            return Screen(text=text, buttons=((back,),))


def confirm_revoking(say: Texts) -> Screen:
    text = say(
        "Shall the address work no more? Programs that subscribed to it will see nothing new."
    )
    sure = button(say.plain("Yes, revoke it"), RevokeFeedButton(sure=True))
    return Screen(text=text, buttons=((sure,), (button(say.plain("Back"), FeedButton()),)))


def feed_created(event: FeedCreated, say: Texts) -> Screen:
    text = (
        say("Your calendar can be subscribed to now.")
        if event.new
        else say("Your calendar can be subscribed to already.")
    )
    show = button(say.plain("Show address"), FeedButton())
    return Screen(text=text, buttons=((show,),))


def feed_revoked(event: FeedRevoked, say: Texts) -> Screen:
    text = say("The address works no more. Another one will be different.")
    back = button(say.plain("Back"), CalendarSettingsButton())
    return Screen(text=text, buttons=((back,),))


def calendar_name(say: Texts) -> str:
    """Return what a calendar program calls the tasks (plain)."""
    return say.plain("My tasks")


def calendar_file(tasks: int, say: Texts) -> Screen:
    """Return what is said with the file of so many open tasks."""
    text = say.plural(
        "{n} open task. Open the file with your calendar program.",
        "{n} open tasks. Open the file with your calendar program.",
        tasks,
    )
    return Screen(text=text, buttons=menu_rows(say))


def preparing_export(say: Texts) -> Screen:
    return Screen(text=say("I am writing your calendar down; the file comes in a moment."))


def calendar_not_sent(event: CalendarNotSent, say: Texts) -> Screen:
    match event.reason:
        case "nothing":
            text = say("There is nothing to send: you have no open tasks.")
            return Screen(text=text, buttons=((new_task(say), view_button("done", say)),))
        case "unreachable":
            return Screen(text=say("The file could not be sent."), buttons=menu_rows(say))
