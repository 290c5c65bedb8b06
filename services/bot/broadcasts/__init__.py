"""The broadcasts bot: its commands, forms, lists and buttons."""

from collections.abc import Awaitable, Callable

import aiogram
from aiogram import F
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, TelegramObject

from bus import QueryUnavailable
from screens import broadcasts as screens
from screens.broadcasts import (
    AddSenderButton,
    AudienceButton,
    BotToggle,
    CancelMailingButton,
    CardButton,
    CategoryButton,
    DaysToggle,
    DeleteDraftButton,
    EditSentButton,
    LanguageToggle,
    NewMailingButton,
    NoListButton,
    NowButton,
    PartButton,
    PauseButton,
    PreviewButton,
    QuietToggle,
    ReportButton,
    ResumeButton,
    RevokeButton,
    SendersButton,
    StartButton,
    TimingButton,
    WithdrawButton,
)
from services.bot import forms
from services.bot.broadcasts import audience, cards, composing, editing, senders, sending, timing
from services.bot.broadcasts.front_door import FRONT_DOOR, may_send
from services.bot.conversation import Conversation
from services.bot.menu import described

COMMANDS = described(screens.commands)

FORMS = (
    composing.NEW,
    composing.TEXT,
    composing.CAPTION,
    composing.FILE,
    composing.LINKS,
    audience.ACTIVITY,
    audience.LIST,
    timing.MOMENT,
    timing.LOCAL,
    editing.EDIT_TEXT,
    editing.EDIT_CAPTION,
    senders.GRANT,
)

ASKING: dict[str, Callable[[int, Conversation], Awaitable[None]]] = {
    "text": composing.ask_text,
    "file": composing.ask_file,
    "links": composing.ask_links,
    "days": audience.ask_days,
    "list": audience.ask_list,
    "more": audience.ask_more,
    "moment": timing.ask_moment,
    "local": timing.ask_local,
}
"""What asks for a part of a mailing, by the part."""


def build_router() -> aiogram.Router:
    """Return the router of the bot; it goes last, since nothing passes its fallback."""
    router = aiogram.Router(name="broadcasts")
    mailings = aiogram.Router(name="broadcasts, for senders")
    mailings.message.filter(_may_send)
    mailings.callback_query.filter(_may_send)
    mailings.include_routers(
        forms.build_router(*FORMS),
        _composing_router(),
        _sending_router(),
        _senders_router(),
        cards.MAILINGS.build_router(),
    )
    router.include_routers(
        FRONT_DOOR.build_router(), mailings, _others_router(), FRONT_DOOR.build_fallback()
    )
    return router


async def ask_part(_: CallbackQuery, callback_data: PartButton, conversation: Conversation) -> None:
    """Ask for a part of a mailing anew."""
    try:
        await ASKING[callback_data.part](callback_data.mailing_id, conversation)
    except QueryUnavailable:
        await cards.cannot_look_up(callback_data, conversation)


async def show_menu(_: Message, conversation: Conversation) -> None:
    """Say to whoever may not send what they can do."""
    await conversation.show(FRONT_DOOR.home(conversation, ""))


def _composing_router() -> aiogram.Router:
    router = aiogram.Router(name="broadcasts, drafts")
    router.message.register(composing.begin, Command("new"))
    router.message.register(composing.begin_with_file, F.document | F.photo)
    press = router.callback_query.register
    press(composing.begin, NewMailingButton.filter())
    press(ask_part, PartButton.filter())
    press(composing.choose_category, CategoryButton.filter())
    press(audience.show, AudienceButton.filter())
    press(audience.toggle_bot, BotToggle.filter())
    press(audience.toggle_language, LanguageToggle.filter())
    press(audience.choose_days, DaysToggle.filter())
    press(audience.drop_list, NoListButton.filter())
    press(timing.show, TimingButton.filter())
    press(timing.send_at_once, NowButton.filter())
    press(timing.toggle_quiet_hours, QuietToggle.filter())
    return router


def _sending_router() -> aiogram.Router:
    router = aiogram.Router(name="broadcasts, sending")
    router.message.register(sending.show_list, Command("mailings"))
    press = router.callback_query.register
    press(sending.show_card, CardButton.filter())
    press(sending.preview, PreviewButton.filter())
    press(sending.start, StartButton.filter())
    press(sending.pause, PauseButton.filter())
    press(sending.resume, ResumeButton.filter())
    press(sending.cancel, CancelMailingButton.filter())
    press(sending.delete_draft, DeleteDraftButton.filter())
    press(sending.report, ReportButton.filter())
    press(editing.edit, EditSentButton.filter())
    press(editing.withdraw, WithdrawButton.filter())
    return router


def _senders_router() -> aiogram.Router:
    router = aiogram.Router(name="broadcasts, who may send")
    router.message.register(senders.show, Command("senders"))
    router.callback_query.register(senders.show, SendersButton.filter())
    router.callback_query.register(senders.ask, AddSenderButton.filter())
    router.callback_query.register(senders.revoke, RevokeButton.filter())
    return router


def _others_router() -> aiogram.Router:
    """Lead whoever may not send mailings to what they can do."""
    router = aiogram.Router(name="broadcasts, for others")
    router.message.register(show_menu, Command("new", "mailings", "senders"))
    return router


def _may_send(_: TelegramObject, conversation: Conversation) -> bool:
    return may_send(conversation)
