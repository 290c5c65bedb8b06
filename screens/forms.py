"""How forms look: a question, the review before sending, and the buttons between them."""

import hashlib
import math
import unicodedata
from typing import Literal, NamedTuple

from aiogram.filters.callback_data import CallbackData

from contracts.screens import Button, Screen
from screens.buttons import Number, Row, button
from screens.texts import Texts

Move = Literal[
    "choose",
    "page",
    "create",
    "keep",
    "save",
    "back",
    "cancel",
    "continue",
    "pick",
    "change",
    "skip",
]


class FormButton(CallbackData, prefix="form"):
    """A move in the form `form_id`, valid only while the form stands at `turn`.

    `value` is what the move is about: an id, an index or an offset.
    """

    form_id: str
    turn: Number
    move: Move
    value: Number = 0


class AgainButton(CallbackData, prefix="again"):
    """Back to one field of the submitted form that was refused.

    The refusal may come late, when another form is in the dialog. `sign` recognises the right
    one: it is the fingerprint of one of its answers, or empty where no answer is known.
    """

    field: str
    sign: str


class SettleButton(CallbackData, prefix="settle"):
    """Send the submitted form that was refused once more, with `name` settled as `value`.

    `sign` recognises the form as it does for `AgainButton`.
    """

    name: str
    value: Number
    sign: str


class LeaveButton(CallbackData, prefix="leave"):
    """Leave the submitted form that was refused; `sign` recognises it."""

    sign: str


class Place(NamedTuple):
    """Where a form stands: its buttons are valid at this turn only."""

    form_id: str
    turn: int

    def press(self, move: Move, value: int = 0) -> FormButton:
        return FormButton(form_id=self.form_id, turn=self.turn, move=move, value=value)


def fingerprint(answer: object) -> str:
    """Return a short sign for an answer that is too long for a button.

    Spaces and how letters are composed do not count: storage tidies them.
    """
    text = unicodedata.normalize("NFC", "".join(str(answer).split()))
    return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()


def again(text: str, field: str, refused: object = "") -> Button:
    """Return the button to answer `field` anew; `refused` is an answer of the refused form."""
    sign = fingerprint(refused) if refused else ""
    return button(text, AgainButton(field=field, sign=sign))


def field_to_answer_again(screen: Screen) -> str:
    """Return the field that a refusal has a button to answer anew, empty for none."""
    actions = (each.action for row in screen.buttons for each in row)
    prefix = f"{AgainButton.__prefix__}{AgainButton.__separator__}"
    found = (AgainButton.unpack(action) for action in actions if action.startswith(prefix))
    return next((each.field for each in found), "")


def settle(text: str, name: str, value: int, refused: object) -> Button:
    """Return the button to send the form whose answer was `refused` with one thing settled."""
    return button(text, SettleButton(name=name, value=value, sign=fingerprint(refused)))


def leave(refused: object, say: Texts) -> Button:
    """Return the button to leave the form whose answer was `refused`."""
    return button(say.plain("Cancel"), LeaveButton(sign=fingerprint(refused)))


def question(
    text: str, place: Place, say: Texts, *, rows: tuple[Row, ...] = (), first: bool = False
) -> Screen:
    """Return a question, `text` in HTML, with the buttons of `rows` and the ways out below.

    From the `first` question there is no way back.
    """
    return Screen(text=text, buttons=(*rows, _ways_out(place, say, back=not first)))


def proposed(proposal: str, say: Texts) -> str:
    """Return what is added to a question whose answer needs only be kept."""
    return say("Proposed: <b>{proposal}</b>", proposal=proposal)


def keep(place: Place, say: Texts) -> Row:
    return (button(say.plain("Keep"), place.press("keep")),)


def review(
    answers: dict[str, str], place: Place, say: Texts, *, optional: tuple[str, ...] = ()
) -> Screen:
    """Return everything that was answered, by its label, for a last look before it is sent.

    `optional` are the labels of what can be added, or changed.
    """
    lines = [answered(label, answer, say) for label, answer in answers.items()]
    save = button(say.plain("Save"), place.press("save"))
    more = [button(label, place.press("change", n)) for n, label in enumerate(optional)]
    pairs = (tuple(more[n : n + 2]) for n in range(0, len(more), 2))
    text = "\n".join([say("Is everything right?"), "", *lines])
    return Screen(text=text, buttons=((save,), *pairs, _ways_out(place, say, back=True)))


def skip(place: Place, say: Texts, *, answered: bool) -> Row:
    """Return the way past an optional field, which takes back what was answered."""
    text = say.plain("Leave it out") if answered else say.plain("Skip")
    return (button(text, place.press("skip")),)


def answered(label: str, answer: str, say: Texts) -> str:
    """Return an answer behind its label; both are plain."""
    return say("{label}: <b>{answer}</b>", label=label, answer=answer)


def unfinished(place: Place, say: Texts) -> Screen:
    """Return the answer to whoever begins something new in the middle of a form."""
    go_on = button(say.plain("Continue"), place.press("continue"))
    cancel = button(say.plain("Cancel"), place.press("cancel"))
    text = say("You are still filling something in. Please save or cancel it first.")
    return Screen(text=text, buttons=((go_on, cancel),))


def too_long(length: int, limit: int, say: Texts) -> str:
    return say.plural(
        "At most {n} character, please; that was {length}.",
        "At most {n} characters, please; that was {length}.",
        limit,
        length=length,
    )


def too_short(limit: int, say: Texts) -> str:
    return say.plural("At least {n} character, please.", "At least {n} characters, please.", limit)


def wants_text(say: Texts) -> str:
    return say("Please answer with a text.")


def wants_button(say: Texts) -> str:
    return say("Please choose one of the buttons.")


def wants_date(say: Texts) -> str:
    return say(
        "I cannot read that as a date. Please write it like <code>31.12.2027</code>, "
        "<code>2027-12-31</code> or <code>31 Dec 2027</code>."
    )


def wants_file(say: Texts) -> str:
    return say("Please send a file or a photo.")


def too_many_files(limit: int, say: Texts) -> str:
    """Return why one more file is not taken."""
    return say.plural(
        "There can be {n} file at most. What you sent beyond that was not taken.",
        "There can be {n} files at most. What you sent beyond that was not taken.",
        limit,
    )


def file_too_large(size: int, limit: int, say: Texts) -> str:
    """Return why a file is refused; sizes in bytes."""
    return say(
        "This file has {size} MB. Telegram hands out files of at most {limit} MB to bots, "
        "so it cannot be kept. Please send a smaller one.",
        size=_megabytes(size),
        limit=_megabytes(limit),
    )


def _megabytes(size: int) -> str:
    # Rounded up: a file one byte over the limit must not read as if it kept to it.
    return f"{math.ceil(size * 10 / 2**20) / 10:g}"


def _ways_out(place: Place, say: Texts, *, back: bool) -> Row:
    cancel = button(say.plain("Cancel"), place.press("cancel"))
    return (button(say.plain("Back"), place.press("back")), cancel) if back else (cancel,)
