"""What people are told when it does not go as they meant it to.

Where that is a failure of ours they are told its `code`, the trace id, for support to look for.
"""

from contracts.screens import Button, Screen
from screens.texts import Texts


def accepted(say: Texts) -> Screen:
    """Return the answer while an outcome is still to come."""
    return Screen(text=say("It is accepted, I will write as soon as it is done."))


def something_broke(say: Texts, code: str) -> Screen:
    """Return the answer to a mistake of ours."""
    return Screen(text=say("Something broke on our side, code <code>{code}</code>.", code=code))


def overloaded(say: Texts, code: str) -> Screen:
    """Return the answer to what was not accepted; the same press may be accepted later."""
    sorry = say("Too much is going on right now: this was not accepted. Please try again later.")
    return Screen(text=f"{sorry} {_found_under(say, code)}")


def cannot_look_up(say: Texts, retry_action: str, code: str) -> Screen:
    """Return the answer while queries are not answered; `retry_action` is asked once more."""
    retry = Button(text=say.plain("Try again"), action=retry_action)
    sorry = say("I can't look that up right now.")
    return Screen(text=f"{sorry} {_found_under(say, code)}", buttons=((retry,),))


def not_left_waiting(say: Texts, retry_action: str) -> Screen:
    """Return what waits for Telegram in place of an address that is a secret."""
    retry = Button(text=say.plain("Try again"), action=retry_action)
    return Screen(text=say("The address could not be shown just now."), buttons=((retry,),))


def slow_down(say: Texts) -> Screen:
    """Return the one word that somebody gets who sends too much."""
    return Screen(text=say("That is faster than I can follow. Please slow down a little."))


def button_outdated(say: Texts) -> str:
    """Return the toast for a button whose time has passed."""
    return say.plain("This button is out of date.")


def no_longer_there(say: Texts) -> str:
    """Return the toast for what was chosen from a list and is gone."""
    return say.plain("This is no longer there.")


def _found_under(say: Texts, code: str) -> str:
    return say("Code <code>{code}</code>.", code=code)
