"""What a form shows where it stands."""

from msgspec.structs import replace

from contracts.screens import Screen
from screens import forms as screens
from screens.buttons import Row, button, pager
from screens.texts import Texts
from services.bot.conversation import Conversation
from services.bot.forms.fields import Choice, Field
from services.bot.forms.form import Form
from services.bot.forms.picking import Picker
from services.bot.forms.state import FormState


def draw(form: Form, state: FormState, conversation: Conversation) -> Screen:
    """Return the question, or the review, below the remarks (HTML)."""
    say = conversation.say
    screen = _draw(form, state, conversation)
    above = list(state.remarks)
    if state.stage != "reviewing":
        above += _several_files(form, state, say)
    return replace(screen, text="\n\n".join([*above, screen.text])) if above else screen


def _draw(form: Form, state: FormState, conversation: Conversation) -> Screen:
    say, field = conversation.say, form.field(state.field)
    if state.stage == "reviewing":
        optional = tuple(each.label(say) for each in form.optional)
        return screens.review(_answers(form, state, say), state.place, say, optional=optional)
    if state.stage == "creating" and isinstance(field, Choice):
        return screens.question(field.creation.question(say), state.place, say)
    text, rows = field.question(say), _options(field, state, conversation)
    if isinstance(field, Picker) and (prompt := field.prompt(state.view, conversation)):
        text += f"\n\n{prompt}"
    if state.proposal:
        text += "\n" + screens.proposed(field.shown(state.proposal, say), say)
        rows = (screens.keep(state.place, say), *rows)
    if field.optional:
        rows = (*rows, screens.skip(state.place, say, answered=field.name in state.answers))
    first = form.before(state.field) is None and not field.optional
    return screens.question(text, state.place, say, rows=rows, first=first)


def _answers(form: Form, state: FormState, say: Texts) -> dict[str, str]:
    shown = {}
    for field in form.fields:
        if field.optional and field.name not in state.answers:
            continue
        answer = state.answers[field.name]
        shown[field.caption(answer, say)] = field.shown(answer, say)
    return shown


def _several_files(form: Form, state: FormState, say: Texts) -> list[str]:
    """Return what was sent so far, once it is more than a person sees at a glance."""
    uploads = form.uploads
    answer = state.answers.get(uploads.name) if uploads else None
    if uploads is None or answer is None or state.field == uploads.name:
        return []
    if not isinstance(answer.value, tuple) or len(answer.value) < 2:
        return []
    caption = uploads.caption(answer, say)
    return [screens.answered(caption, uploads.shown(answer, say), say)]


def _options(field: Field, state: FormState, conversation: Conversation) -> tuple[Row, ...]:
    place, say = state.place, conversation.say
    rows = [
        (button(answer.label, place.press("choose", index)),)
        for index, answer in enumerate(state.offered)
    ]
    turns = pager(state.offset, state.total, lambda offset: place.press("page", offset))
    if isinstance(field, Picker):
        own = field.buttons(state.view, lambda number: place.press("pick", number), conversation)
        return (*rows, *turns, *own)
    if not isinstance(field, Choice):
        return (*rows, *turns)
    return (*rows, *turns, (button(field.creation.button(say), place.press("create")),))
