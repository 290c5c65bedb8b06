"""When documents expire, as people set it, see it and are reminded of it."""

from datetime import date

from contracts.documents import ExpiryNear, ExpirySet, RemindersStopped
from contracts.screens import Screen
from screens.buttons import button
from screens.documents.buttons import (
    DocumentButton,
    RenewedButton,
    StopRemindingButton,
    TypesButton,
)
from screens.texts import Texts


def expiry_label(say: Texts) -> str:
    return say.plain("Expiry")


def ask_expiry(say: Texts) -> str:
    return say("When does it expire? Send me the date, for example <code>31.12.2027</code>.")


def in_a_year(say: Texts) -> str:
    return say.plain("1 year")


def no_expiry(say: Texts) -> str:
    return say.plain("No expiry")


def expiry(expires_on: date, say: Texts, *, expired: bool) -> str:
    """Return when a document expires, or that it has, as HTML."""
    if expired:
        return say("<b>expired {day}</b>", day=say.day(expires_on))
    return say("expires {day}", day=say.day(expires_on))


def expiry_set(event: ExpirySet, say: Texts) -> Screen:
    show = button(say.plain("Show it"), DocumentButton(document_id=event.document_id))
    mine = button(say.plain("My documents"), TypesButton())
    return Screen(text=_what_was_set(event, say), buttons=((show, mine),))


def expiry_near(event: ExpiryNear, say: Texts) -> Screen:
    renewed = button(say.plain("Renewed"), RenewedButton(document_id=event.document_id))
    stop = button(say.plain("Stop reminding"), StopRemindingButton(document_id=event.document_id))
    show = button(say.plain("Show it"), DocumentButton(document_id=event.document_id))
    return Screen(text=_how_near(event, say), buttons=((renewed, stop), (show,)))


def reminders_stopped(event: RemindersStopped, say: Texts) -> Screen:
    show = button(say.plain("Show it"), DocumentButton(document_id=event.document_id))
    text = say("I will not remind you of <b>{name}</b> any more.", name=event.name)
    return Screen(text=text, buttons=((show,),))


def _what_was_set(event: ExpirySet, say: Texts) -> str:
    if event.expires_on is None:
        return say("<b>{name}</b> does not expire.", name=event.name)
    when = say(
        "<b>{name}</b>: the expiry date is <b>{day}</b>.",
        name=event.name,
        day=say.day(event.expires_on),
    )
    reminders = say("That is too near for a reminder.")
    if event.remind_on:
        days = "; ".join(say.day(day) for day in event.remind_on)
        reminders = say("I will remind you at 10:00 on these days: {days}.", days=days)
    return f"{when}\n{reminders}"


def _how_near(event: ExpiryNear, say: Texts) -> str:
    day = say.day(event.expires_on)
    if event.days_left < 0:
        return say("<b>{name}</b> expired on {day}.", name=event.name, day=day)
    if event.days_left == 0:
        return say("<b>{name}</b> expires today, {day}.", name=event.name, day=day)
    return say.plural(
        "<b>{name}</b> expires in {n} day, on {day}.",
        "<b>{name}</b> expires in {n} days, on {day}.",
        event.days_left,
        name=event.name,
        day=day,
    )
