"""Where messages and buttons of forms go: to the form in the dialog slot, if it is known here."""

from typing import Any

import aiogram
from aiogram import F
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject
from msgspec.structs import replace

from screens import errors
from screens import forms as screens
from screens.forms import AgainButton, FormButton, LeaveButton, SettleButton, fingerprint
from services.bot.conversation import Conversation
from services.bot.forms.filling import Filling
from services.bot.forms.form import Form
from services.bot.forms.state import Answer, Ended, FormState

NO_COMMAND = ~F.text.startswith("/")
"""Commands win over forms."""


class InForm(Filter):
    """Lets through what concerns one of these forms, and hands on its `filling`."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self.forms = {form.name: form for form in forms}

    async def __call__(
        self, event: TelegramObject, conversation: Conversation
    ) -> bool | dict[str, Any]:
        state = conversation.dialog.read(FormState)
        form = self.forms.get(state.form) if state else None
        if state is None or form is None or not _fits(form, state):
            return False
        return {"filling": Filling(form, state, conversation)}


def build_router(*forms: Form) -> aiogram.Router:
    """Return a router that leads people through these forms; all others it leaves alone."""
    router = aiogram.Router(name="forms")
    in_form = InForm(forms)
    router.message.register(read_answer, in_form, NO_COMMAND, _unfinished)
    router.message.register(read_another_answer, in_form, F.text, NO_COMMAND, _awaits_another)
    router.callback_query.register(press_button, in_form, FormButton.filter(), _unfinished)
    router.callback_query.register(press_twice, FormButton.filter(), _was_sent_or_left)
    router.callback_query.register(answer_again, in_form, AgainButton.filter(), _can_be_reopened)
    router.callback_query.register(settle, in_form, SettleButton.filter(), _was_refused)
    router.callback_query.register(leave, in_form, LeaveButton.filter(), _was_refused)
    return router


async def start(form: Form, conversation: Conversation, **known: int | str) -> None:
    """Begin a form; `known` are fields of its command that need not be asked for."""
    filling = await open_form(form, conversation, **known)
    if filling:
        await filling.go_on()


async def open_form(form: Form, conversation: Conversation, **known: int | str) -> Filling | None:
    """Return a new form that stands at its first question, not shown yet.

    In the middle of another form, say so and return None: what was typed there is not lost.
    """
    unfinished = unfinished_form(conversation)
    if unfinished:
        await conversation.show(screens.unfinished(unfinished.place, conversation.say))
        return None
    state = FormState(
        form=form.name,
        form_id=conversation.new_id(),
        field=form.fields[0].name,
        answers={name: Answer(value, str(value)) for name, value in known.items()},
    )
    return Filling(form, state, conversation)


def unfinished_form(conversation: Conversation) -> FormState | None:
    """Return what the person is filling in, whether that form is still known or not."""
    state = conversation.dialog.read(FormState)
    return state if state and state.unfinished else None


def stop_awaiting_another(conversation: Conversation) -> None:
    """Take no more typing for the answer to a refusal, unless that is what was just shown."""
    state = conversation.dialog.read(FormState)
    if state and state.refused and state.refused_in != conversation.answering.cause.message_id:
        conversation.dialog.write(replace(state, refused=""))


async def read_answer(message: Message, conversation: Conversation, filling: Filling) -> None:
    first = filling.begin_message(message)
    if filling.collects(message):
        await filling.collect(message)
    elif not (message.document or message.photo) or filling.wants_file:
        await filling.read(message)
    elif first:
        await conversation.show(screens.unfinished(filling.state.place, conversation.say))


async def read_another_answer(message: Message, filling: Filling) -> None:
    filling.begin_message(message)
    await filling.read_another(message)


async def press_button(
    press: CallbackQuery, callback_data: FormButton, conversation: Conversation, filling: Filling
) -> None:
    if (callback_data.form_id, callback_data.turn) != filling.state.place:
        await conversation.toast(errors.button_outdated(conversation.say))
        await filling.show()
        return
    match callback_data.move:
        case "choose":
            await filling.choose(callback_data.value)
        case "page":
            await filling.turn_to(callback_data.value)
        case "create":
            await filling.begin_creation()
        case "keep":
            await filling.keep()
        case "save":
            await filling.save()
        case "back":
            await filling.back()
        case "cancel":
            await filling.cancel()
        case "pick":
            await filling.pick(callback_data.value)
        case "change":
            await filling.change(callback_data.value)
        case "skip":
            await filling.leave_out()
        case "continue":
            await filling.show()


async def press_twice(press: CallbackQuery, conversation: Conversation) -> None:
    await conversation.toast(errors.button_outdated(conversation.say))


async def answer_again(press: CallbackQuery, callback_data: AgainButton, filling: Filling) -> None:
    await filling.again(filling.form.field(callback_data.field))


async def settle(
    press: CallbackQuery, callback_data: SettleButton, conversation: Conversation, filling: Filling
) -> None:
    if filling.state.unfinished:
        await conversation.toast(errors.button_outdated(conversation.say))
        await filling.show()
    else:
        await filling.settle(callback_data.name, callback_data.value)


async def leave(press: CallbackQuery, callback_data: LeaveButton, filling: Filling) -> None:
    await filling.cancel()


def _fits(form: Form, state: FormState) -> bool:
    """Tell whether a stored form is still of the shape that the form has now."""
    names = {field.name for field in form.fields}
    complete = {field.name for field in form.asked} <= set(state.answers)
    return state.field in names and (complete or state.stage in ("asking", "creating"))


def _unfinished(_: TelegramObject, filling: Filling) -> bool:
    return filling.state.unfinished


def _was_sent_or_left(
    _: TelegramObject, callback_data: FormButton, conversation: Conversation
) -> bool:
    """Tell whether the button's form is the one that ended last, whose outcome stands below."""
    dialog = conversation.dialog
    ended = dialog.read(Ended)
    sent = dialog.read(FormState)
    form_id = ended.form_id if ended else sent.form_id if sent and not sent.unfinished else ""
    return callback_data.form_id == form_id


def _awaits_another(_: TelegramObject, filling: Filling) -> bool:
    return bool(filling.state.refused)


def _can_be_reopened(_: TelegramObject, callback_data: AgainButton, filling: Filling) -> bool:
    """Tell whether the stored form is the one that the refusal was about."""
    state = filling.state
    if callback_data.field not in {field.name for field in filling.form.fields}:
        return False
    if not callback_data.sign:
        return state.unfinished
    return _has_answer(state, callback_data.sign)


def _was_refused(
    _: TelegramObject, callback_data: SettleButton | LeaveButton, filling: Filling
) -> bool:
    """Tell whether the stored form is the one that the refusal was about."""
    return _has_answer(filling.state, callback_data.sign)


def _has_answer(state: FormState, sign: str) -> bool:
    return sign in {fingerprint(answer.value) for answer in state.answers.values()}
