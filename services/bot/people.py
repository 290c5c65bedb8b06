"""Settings, the same in every bot: language, time zone, being forgotten, being blocked."""

from datetime import UTC, datetime

import aiogram
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
from msgspec.structs import replace

from bus import Router
from contracts.people import (
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    PersonErased,
    SettingsChanged,
)
from contracts.screens import Screen
from screens import own_settings
from screens import people as screens
from screens.menu import SettingsButton
from screens.people import EraseButton, LanguageButton, TimeZoneButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.forms import Answer, Form, Text
from services.bot.memory import Memory
from services.discovery import bot_apps

ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "Asia/Yekaterinburg",
    "Asia/Novosibirsk",
    "Asia/Vladivostok",
    "Asia/Tokyo",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
"""What is offered; any other can be typed."""

router = Router()


@router.handle
async def ask_anew_on_settings_changed(event: SettingsChanged, memory: Memory) -> None:
    await memory.forget_person(event.person_id)


@router.handle
async def erase_on_person_erased(event: PersonErased, memory: Memory) -> None:
    await memory.erase(event.person_id, bot_apps())


def offered_zones(conversation: Conversation) -> tuple[Answer, ...]:
    now = datetime.now(UTC)
    return tuple(Answer(zone, screens.zone_choice(zone, now, conversation.say)) for zone in ZONES)


def settings(conversation: Conversation, word: str = "") -> Screen:
    """Return the person's settings, the bot's own among them, below a word."""
    person, now = conversation.person, datetime.now(UTC)
    screen = screens.settings(person.language, person.time_zone, now, conversation.say)
    own = own_settings(conversation.app, conversation.say)
    screen = replace(screen, buttons=(*own, *screen.buttons))
    return replace(screen, text=f"{word}\n\n{screen.text}") if word else screen


async def ask_anew(conversation: Conversation) -> None:
    """Have the changed settings looked up at the next update, however soon that comes."""
    await conversation.memory.forget_person(conversation.person.person_id)


TIME_ZONE = Form(
    name="people.time_zone",
    command=ChangeSettings,
    fields=(
        Text(
            name="time_zone",
            label=screens.time_zone_label,
            question=screens.ask_time_zone,
            suggest=offered_zones,
        ),
    ),
    done=SettingsChanged,
    home=settings,
    review=False,
    then=ask_anew,
)


def build_router() -> aiogram.Router:
    """Return a router of the settings; it goes into every bot, before the bot's own."""
    router = aiogram.Router(name="people")
    router.message.register(show_settings, Command("settings"))
    router.callback_query.register(show_settings, SettingsButton.filter())
    router.callback_query.register(change_language, LanguageButton.filter())
    router.callback_query.register(begin_to_change_time_zone, TimeZoneButton.filter())
    router.callback_query.register(erase, EraseButton.filter())
    router.my_chat_member.register(change_reachability)
    router.include_router(forms.build_router(TIME_ZONE))
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
    await conversation.bus.send(ChangeReachability(blocked=blocked))
