"""What a form shows where it stands."""

from msgspec.structs import replace

from contracts.screens import Screen
from screens import forms as screens
from screens.buttons import Row, button, pager
from screens.texts import Texts
from services.bot.forms.fields import Choice, Field
from services.bot.forms.form import Form
from services.bot.forms.state import FormState


def draw(form: Form, state: FormState, say: Texts, remark: str = "") -> Screen:
    """Return the question, or the review, below a remark (HTML)."""
    screen = _draw(form, state, say)
    return replace(screen, text=f"{remark}\n\n{screen.text}") if remark else screen


def _draw(form: Form, state: FormState, say: Texts) -> Screen:
    field = form.field(state.field)
    if state.stage == "reviewing":
        return screens.review(_answers(form, state, say), state.place, say)
    if state.stage == "creating" and isinstance(field, Choice):
        return screens.question(field.creation.question(say), state.place, say)
    text, rows = field.question(say), _options(field, state, say)
    if state.proposal:
        text += "\n" + screens.proposed(state.proposal.label, say)
        rows = (screens.keep(state.place, say), *rows)
    first = form.before(state.field) is None
    return screens.question(text, state.place, say, rows=rows, first=first)


def _answers(form: Form, state: FormState, say: Texts) -> dict[str, str]:
    return {field.label(say): state.answers[field.name].label for field in form.fields}


def _options(field: Field, state: FormState, say: Texts) -> tuple[Row, ...]:
    place = state.place
    rows = [
        (button(answer.label, place.press("choose", index)),)
        for index, answer in enumerate(state.offered)
    ]
    turns = pager(state.offset, state.total, lambda offset: place.press("page", offset))
    if not isinstance(field, Choice):
        return (*rows, *turns)
    return (*rows, *turns, (button(field.creation.button(say), place.press("create")),))
