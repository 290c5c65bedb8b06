"""How tasks are searched for, and what was found."""

from contracts.calendar import TaskPage
from contracts.screens import Screen
from screens.buttons import pager
from screens.calendar.lists import choices, grouped
from screens.calendar.menu import view_button
from screens.forms import again
from screens.searching import FoundButton
from screens.texts import Texts


def ask_words(say: Texts) -> str:
    return say(
        "What shall I look for? Send me any part of a title or a note, "
        "or several, such as <code>call mom</code>."
    )


def found(page: TaskPage, at: FoundButton, words: str, say: Texts) -> Screen:
    """Return a page of what was found, or how to go on where nothing was."""
    other = again(say.plain("Other words"), "words", words)
    everything = view_button("all", say)
    if not page.total:
        text = say(
            "I found nothing with <b>{words}</b> in its title or note. "
            "Fewer words find more, and so do parts of words.",
            words=words,
        )
        return Screen(text=text, buttons=((other, everything),))
    turns = pager(
        at.offset, page.total, lambda offset: FoundButton(form_id=at.form_id, offset=offset)
    )
    title = say(
        "<b>{words}</b>: {first} to {last} of {total}",
        words=words,
        first=at.offset + 1,
        last=at.offset + len(page.tasks),
        total=page.total,
    )
    if page.more:
        title += "\n" + say("There are more beyond these.")
    return Screen(
        text="\n".join([title, *grouped(page, say)]),
        buttons=(*choices(page, "elsewhere", at.offset, say), *turns, (other, everything)),
    )
