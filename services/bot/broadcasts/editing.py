"""What was sent is edited or deleted again: for as many as the last question names."""

import msgspec
from aiogram.types import CallbackQuery

from bus import QueryUnavailable
from contracts.broadcasts import EditingStarted, EditMailing, WithdrawMailing
from contracts.screens import CAPTION_LIMIT, TEXT_LIMIT
from screens import broadcasts as screens
from screens import errors
from screens.broadcasts import EditSentButton, WithdrawButton
from services.bot import forms
from services.bot.broadcasts import cards
from services.bot.broadcasts.composing import back_to_card
from services.bot.broadcasts.fields import FormattedText
from services.bot.broadcasts.front_door import FRONT_DOOR
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.forms import Form
from services.bot.forms.form import Answers


class PendingEdit(msgspec.Struct, frozen=True, kw_only=True, tag="mailing_edit"):
    """In the dialog slot: a text that waits for the last word."""

    mailing_id: int
    text: str


async def confirm_text(answers: Answers, conversation: Conversation) -> None:
    """Show the new text, and ask whether that many shall have it."""
    mailing = await cards.find(answers["mailing_id"], conversation)
    if mailing is None:
        return
    edit = PendingEdit(mailing_id=mailing.mailing_id, text=answers["text"])
    conversation.dialog.write(edit)
    screen = screens.confirm_edit(edit.mailing_id, edit.text, mailing.editable, conversation.say)
    await conversation.show(screen)


def _form(name: str, limit: int) -> Form:
    return Form(
        name=name,
        command=EditMailing,
        fields=(
            FormattedText(
                name="text", label=screens.text_label, question=screens.ask_other_text, limit=limit
            ),
        ),
        home=FRONT_DOOR.home,
        review=False,
        finish=confirm_text,
        left=back_to_card,
    )


EDIT_TEXT = _form("broadcasts.edit_text", TEXT_LIMIT)
EDIT_CAPTION = _form("broadcasts.edit_caption", CAPTION_LIMIT)


async def edit(_: CallbackQuery, callback_data: EditSentButton, conversation: Conversation) -> None:
    """Ask for the new text, or put the one that was confirmed into what was sent."""
    mailing_id = callback_data.mailing_id
    if callback_data.sure:
        await _edit(mailing_id, conversation)
        return
    try:
        mailing = await cards.find(mailing_id, conversation)
    except QueryUnavailable:
        await cards.cannot_look_up(callback_data, conversation)
        return
    if mailing is None:
        return
    form = EDIT_CAPTION if mailing.content.media else EDIT_TEXT
    filling = await forms.open_form(form, conversation, mailing_id=mailing_id)
    if filling:
        filling.below = True  # what it replaces, and how that went, stays to be read
        await filling.go_on()


async def _edit(mailing_id: int, conversation: Conversation) -> None:
    pending = conversation.dialog.read(PendingEdit)
    if pending is None or pending.mailing_id != mailing_id:
        await conversation.toast(errors.button_outdated(conversation.say))
        await cards.show_card(mailing_id, conversation)
        return
    command = EditMailing(mailing_id=mailing_id, text=pending.text)
    if isinstance(await execute_and_show(command, conversation), EditingStarted):
        conversation.dialog.clear()


async def withdraw(
    _: CallbackQuery, callback_data: WithdrawButton, conversation: Conversation
) -> None:
    """Say from how many chats it would be deleted, then do it."""
    mailing_id = callback_data.mailing_id
    if callback_data.sure:
        await execute_and_show(WithdrawMailing(mailing_id=mailing_id), conversation)
        return
    try:
        mailing = await cards.find(mailing_id, conversation)
    except QueryUnavailable:
        await cards.cannot_look_up(callback_data, conversation)
        return
    if mailing:
        await conversation.send(screens.confirm_withdrawal(mailing, conversation.say))
