"""Which mailings people get: chosen in the settings, or refused from the message itself."""

from contracts.people import Category, OptOutsChanged
from contracts.screens import Screen
from screens.buttons import Row, button
from screens.menu import SettingsButton
from screens.opting_out import category_name
from screens.people.buttons import CategoryButton
from screens.texts import Texts


def mailings(opted_out: tuple[Category, ...], say: Texts) -> Screen:
    text = say("What may our bots send you beside what you use them for? Press to change it.")
    return Screen(text=text, buttons=(*_categories(opted_out, say), _back(say)))


def opt_outs_changed(event: OptOutsChanged, say: Texts) -> Screen:
    """The undo of a change is the other one."""
    out = event.category in event.opted_out
    text = _opted_out(event.category, say) if out else _opted_in(event.category, say)
    undo = button(say.plain("Undo"), CategoryButton(category=event.category, out=not out))
    return Screen(text=text, buttons=((undo,), *_categories(event.opted_out, say), _back(say)))


def _opted_out(category: Category, say: Texts) -> str:
    match category:
        case "news":
            return say("None of our bots will send you <b>news</b> any more.")
        case "offers":
            return say("None of our bots will send you <b>offers</b> any more.")
        case "surveys":
            return say("None of our bots will send you <b>surveys</b> any more.")


def _opted_in(category: Category, say: Texts) -> str:
    match category:
        case "news":
            return say("Our bots may send you <b>news</b>.")
        case "offers":
            return say("Our bots may send you <b>offers</b>.")
        case "surveys":
            return say("Our bots may send you <b>surveys</b>.")


def _categories(opted_out: tuple[Category, ...], say: Texts) -> tuple[Row, ...]:
    every: tuple[Category, ...] = ("news", "offers", "surveys")
    rows = []
    for category in every:
        out = category in opted_out
        label = f"{'✗' if out else '✓'} {category_name(category, say)}"
        rows.append((button(label, CategoryButton(category=category, out=not out)),))
    return tuple(rows)


def _back(say: Texts) -> Row:
    return (button(say.plain("Back"), SettingsButton()),)
