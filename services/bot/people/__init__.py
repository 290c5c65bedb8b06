"""Settings, the same in every bot: clock and language, quiet, mailings, being forgotten."""

import aiogram
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bus import Router
from contracts.people import (
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    OptOutsChanged,
    PersonErased,
    ReachabilityChanged,
    RoleGranted,
    RoleRevoked,
    SettingsChanged,
)
from screens import people as screens
from screens.menu import SettingsButton
from screens.people import (
    CategoryButton,
    EraseButton,
    LanguageButton,
    MailingsButton,
    OptOutButton,
    QuietHoursButton,
    TimeZoneButton,
)
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.memory import Memory
from services.bot.people.hours import QUIET_HOURS
from services.bot.people.mailings import change_category, opt_out, show_mailings
from services.bot.people.shown import ask_anew, settings
from services.bot.people.zones import TIME_ZONE
from services.discovery import bot_apps

router = Router()


@router.handle
async def ask_anew_on_settings_changed(event: SettingsChanged, memory: Memory) -> None:
    await memory.forget_person(event.person_id)


@router.handle
async def ask_anew_on_opt_outs_changed(event: OptOutsChanged, memory: Memory) -> None:
    await memory.forget_person(event.person_id)


@router.handle
async def ask_anew_on_role_granted(event: RoleGranted, memory: Memory) -> None:
    await memory.forget_person(event.person_id)


@router.handle
async def ask_anew_on_role_revoked(event: RoleRevoked, memory: Memory) -> None:
    await memory.forget_person(event.person_id)


@router.handle
async def expect_back_on_reachability_changed(event: ReachabilityChanged, memory: Memory) -> None:
    """Tell `people` of whoever cannot be reached as soon as they write again."""
    if event.blocked:
        await memory.forget_seen(event.app, event.person_id)


@router.handle
async def erase_on_person_erased(event: PersonErased, memory: Memory) -> None:
    await memory.erase(event.person_id, bot_apps())


def build_router() -> aiogram.Router:
    """Return a router of the settings; it goes into every bot, before the bot's own."""
    router = aiogram.Router(name="people")
    router.message.register(show_settings, Command("settings"))
    router.callback_query.register(show_settings, SettingsButton.filter())
    router.callback_query.register(change_language, LanguageButton.filter())
    router.callback_query.register(begin_to_change_time_zone, TimeZoneButton.filter())
    router.callback_query.register(begin_to_change_quiet_hours, QuietHoursButton.filter())
    router.callback_query.register(show_mailings, MailingsButton.filter())
    router.callback_query.register(change_category, CategoryButton.filter())
    router.callback_query.register(opt_out, OptOutButton.filter())
    router.callback_query.register(erase, EraseButton.filter())
    router.my_chat_member.register(change_reachability)
    router.include_router(forms.build_router(TIME_ZONE, QUIET_HOURS))
    return router


async def show_settings(_: Message | CallbackQuery, conversation: Conversation) -> None:
    await conversation.show(settings(conversation))


async def change_language(
    _: CallbackQuery, callback_data: LanguageButton, conversation: Conversation
) -> None:
    command = ChangeSettings(language=callback_data.language)
    if await execute_and_show(command, conversation):
        await ask_anew(conversation)


async def begin_to_change_time_zone(_: CallbackQuery, conversation: Conversation) -> None:
    await forms.start(TIME_ZONE, conversation)


async def begin_to_change_quiet_hours(_: CallbackQuery, conversation: Conversation) -> None:
    await forms.start(QUIET_HOURS, conversation)


async def erase(_: CallbackQuery, callback_data: EraseButton, conversation: Conversation) -> None:
    """Ask first, then do it; what the person is in the middle of goes, too."""
    if not callback_data.sure:
        await conversation.show(screens.confirm_erasure(conversation.say))
        return
    conversation.dialog.clear()
    if await execute_and_show(ErasePerson(), conversation):
        await ask_anew(conversation)


async def change_reachability(change: ChatMemberUpdated, conversation: Conversation) -> None:
    """Note that the person blocked this bot, or lets it write again."""
    blocked = change.new_chat_member.status == ChatMemberStatus.KICKED
    command = ChangeReachability(blocked=blocked, reason="blocked" if blocked else "unblocked")
    await conversation.bus.send(command)
