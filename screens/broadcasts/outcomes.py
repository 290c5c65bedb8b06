"""What became of a change of a mailing: the same screens in time and late."""

from contracts.broadcasts import (
    EditingStarted,
    MailingCancelled,
    MailingChanged,
    MailingCreated,
    MailingDeleted,
    MailingPaused,
    MailingRefused,
    MailingResumed,
    MailingScheduled,
    MailingStarted,
    RecipientsAdded,
    ReportNotSent,
    WithdrawalStarted,
)
from contracts.screens import Screen
from screens.broadcasts.buttons import (
    AudienceButton,
    CardButton,
    NewMailingButton,
    ResumeButton,
    TimingButton,
)
from screens.broadcasts.flaws import list_read
from screens.broadcasts.keyboards import keyboard
from screens.broadcasts.menu import to_mailings
from screens.broadcasts.parts import people, state_name
from screens.buttons import Row, button
from screens.texts import Texts


def mailing_created(event: MailingCreated, say: Texts) -> Screen:
    text = say("The draft is kept. It would reach {people}.", people=people(event.people, say))
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def mailing_changed(event: MailingChanged, say: Texts) -> Screen:
    text = say("Saved. It would reach {people}.", people=people(event.people, say))
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def mailing_deleted(event: MailingDeleted, say: Texts) -> Screen:
    new = button(say.plain("New mailing"), NewMailingButton())
    return Screen(text=say("The draft is deleted."), buttons=((new, to_mailings(say)),))


def mailing_started(event: MailingStarted, say: Texts) -> Screen:
    text = say(
        "It goes out to <b>{people}</b>. How far it is stands in a message of its own.",
        people=people(event.people, say),
    )
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def mailing_scheduled(event: MailingScheduled, say: Texts) -> Screen:
    text = say(
        "It is scheduled: {people} would get it now, and it begins by itself.",
        people=people(event.people, say),
    )
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def mailing_paused(event: MailingPaused, say: Texts) -> Screen:
    text = say("Paused. Waiting: <b>{left}</b>.", left=people(event.left, say))
    text += _still(event.on_their_way, say)
    resume = button(say.plain("Resume"), ResumeButton(mailing_id=event.mailing_id))
    return Screen(text=text, buttons=((resume,), *_on(event.mailing_id, say)))


def mailing_resumed(event: MailingResumed, say: Texts) -> Screen:
    text = say("It goes on. Left: <b>{left}</b>.", left=people(event.left, say))
    return Screen(text=text, buttons=keyboard(event.mailing_id, "running", 0, say))


def mailing_cancelled(event: MailingCancelled, say: Texts) -> Screen:
    text = say("Cancelled. Will not get it: <b>{left}</b>.", left=people(event.left, say))
    text += _still(event.on_their_way, say)
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def editing_started(event: EditingStarted, say: Texts) -> Screen:
    text = say("The text is being replaced for <b>{people}</b>.", people=people(event.people, say))
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def withdrawal_started(event: WithdrawalStarted, say: Texts) -> Screen:
    text = say(
        "The message is being deleted from the chats of <b>{people}</b>.",
        people=people(event.people, say),
    )
    return Screen(text=text, buttons=_on(event.mailing_id, say))


def recipients_added(event: RecipientsAdded, say: Texts) -> Screen:
    return Screen(text=list_read(event.total, event.unknown, (), say))


def report_not_sent(event: ReportNotSent, say: Texts) -> Screen:
    return Screen(text=say("There is no report: this mailing is no longer there."))


def report_coming(say: Texts) -> str:
    """Return the toast for who asked for a report."""
    return say.plain("It comes in a moment.")


def preview_coming(say: Texts) -> str:
    """Return the toast for who asked for a preview."""
    return say.plain("This is what people will see:")


def mailing_refused(event: MailingRefused, say: Texts) -> Screen:
    return Screen(text=_why(event, say), buttons=_ways_on(event, say))


def _still(on_their_way: int, say: Texts) -> str:
    """Return what is added where notices are under way already."""
    if not on_their_way:
        return ""
    return "\n" + say("On their way, get it still: {people}", people=people(on_their_way, say))


def _why(event: MailingRefused, say: Texts) -> str:
    match event.reason:
        case "not_permitted":
            return say("You may not send mailings here.")
        case "no_such_mailing":
            return say("This mailing is no longer there.")
        case "changed_meanwhile":
            return say("The mailing was changed meanwhile. Look at it again before you go on.")
        case "wrong_state":
            state = state_name(event.state, say) if event.state else ""
            return say("That cannot be done with it now: <b>{state}</b>.", state=state)
        case "nobody":
            return say("Nobody would get it, so it was not started.")
        case "text_empty":
            return say("A mailing needs a text, a picture or a file.")
        case "text_too_long":
            return say(
                "The text is too long: Telegram takes {limit} characters here. It stays as it was.",
                limit=event.limit,
            )
        case "file_lost":
            return say("Telegram no longer hands out the file. Please send it again.")
        case "unknown_bot":
            return say("One of the chosen bots is no longer there. Please choose anew.")
        case "no_such_list":
            return say("The list of people is no longer kept. Please send it again.")
        case "time_passed":
            return say("That time has passed. Please choose another one.")
        case "nothing_sent":
            return say("Nobody has got it, so there is nothing to change.")


def _ways_on(event: MailingRefused, say: Texts) -> tuple[Row, ...]:
    if not event.mailing_id or event.reason in ("not_permitted", "no_such_mailing"):
        return ((to_mailings(say),),)
    match event.reason:
        case "nobody" | "unknown_bot" | "no_such_list":
            way_on = button(say.plain("Audience"), AudienceButton(mailing_id=event.mailing_id))
            return ((way_on,), *_on(event.mailing_id, say))
        case "time_passed":
            way_on = button(say.plain("When"), TimingButton(mailing_id=event.mailing_id))
            return ((way_on,), *_on(event.mailing_id, say))
        case _:
            return _on(event.mailing_id, say)


def _on(mailing_id: int, say: Texts) -> tuple[Row, ...]:
    show = button(say.plain("Show the mailing"), CardButton(mailing_id=mailing_id))
    return ((show, to_mailings(say)),)
