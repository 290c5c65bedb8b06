"""Mailings are looked at, started, held, stopped, deleted, and reported on."""

from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.broadcasts import (
    CancelMailing,
    DeleteMailing,
    MailingPreviewed,
    PauseMailing,
    PreviewMailing,
    ResumeMailing,
    SendReport,
    StartMailing,
)
from screens import broadcasts as screens
from screens import screen_of
from screens.broadcasts import (
    CancelMailingButton,
    CardButton,
    DeleteDraftButton,
    MailingListButton,
    PauseButton,
    PreviewButton,
    ReportButton,
    ResumeButton,
    StartButton,
)
from services.bot.broadcasts import cards
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show


async def show_list(_: Message, conversation: Conversation) -> None:
    await cards.MAILINGS.show(MailingListButton(), conversation)


async def show_card(
    _: CallbackQuery, callback_data: CardButton, conversation: Conversation
) -> None:
    await cards.show_card(callback_data.mailing_id, conversation)


async def preview(
    _: CallbackQuery, callback_data: PreviewButton, conversation: Conversation
) -> None:
    """Have the message itself sent, which comes by the way that all of them go."""
    outcome = await conversation.execute(PreviewMailing(mailing_id=callback_data.mailing_id))
    if isinstance(outcome, MailingPreviewed):
        await conversation.toast(screens.preview_coming(conversation.say))
        return
    refusal = screen_of(outcome, conversation.say)
    if refusal:
        await conversation.tell(refusal)


async def start(_: CallbackQuery, callback_data: StartButton, conversation: Conversation) -> None:
    """Show everything once more with how many get it, then start what was shown."""
    at = callback_data
    if at.sure:
        command = StartMailing(mailing_id=at.mailing_id, version=at.version)
        await execute_and_show(command, conversation)
        return
    try:
        mailing = await cards.find_as_shown(at.mailing_id, at.version, conversation)
        if mailing is None:
            return
        people = (await cards.count(mailing.audience, conversation)).people
    except QueryUnavailable:
        await cards.cannot_look_up(at, conversation)
        return
    if people:
        zone = conversation.person.time_zone
        await conversation.show(screens.confirm_start(mailing, people, zone, conversation.say))
    else:
        await conversation.toast(screens.nobody(conversation.say), alert=True)


async def pause(_: CallbackQuery, callback_data: PauseButton, conversation: Conversation) -> None:
    command = PauseMailing(mailing_id=callback_data.mailing_id)
    await execute_and_show(command, conversation, below=True)


async def resume(_: CallbackQuery, callback_data: ResumeButton, conversation: Conversation) -> None:
    command = ResumeMailing(mailing_id=callback_data.mailing_id)
    await execute_and_show(command, conversation, below=True)


async def cancel(
    _: CallbackQuery, callback_data: CancelMailingButton, conversation: Conversation
) -> None:
    """Say how many will not get it, then stop it for good."""
    at = callback_data
    if at.sure:
        await execute_and_show(CancelMailing(mailing_id=at.mailing_id), conversation)
        return
    try:
        mailing = await cards.find(at.mailing_id, conversation)
    except QueryUnavailable:
        await cards.cannot_look_up(at, conversation)
        return
    if mailing:
        await conversation.send(screens.confirm_cancel(mailing, conversation.say))


async def delete_draft(
    _: CallbackQuery, callback_data: DeleteDraftButton, conversation: Conversation
) -> None:
    mailing_id = callback_data.mailing_id
    if callback_data.sure:
        await execute_and_show(DeleteMailing(mailing_id=mailing_id), conversation)
    else:
        await conversation.show(screens.confirm_deletion(mailing_id, conversation.say))


async def report(_: CallbackQuery, callback_data: ReportButton, conversation: Conversation) -> None:
    """Have a report made by the service that makes files; that takes its time."""
    command = SendReport(
        app=conversation.app,
        chat_id=conversation.chat_id,
        mailing_id=callback_data.mailing_id,
        kind=callback_data.kind,
    )
    await conversation.bus.send(command, tell=True, tell_of_death=True)
    await conversation.toast(screens.report_coming(conversation.say))
