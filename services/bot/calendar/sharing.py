"""The calendar goes to other programs: as a file, or under an address that they subscribe to."""

from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.calendar import CreateFeed, GetFeedAddress, RevokeFeed, SendCalendar
from contracts.screens import Screen
from screens import calendar as screens
from screens import errors
from screens.calendar import FeedButton, RevokeFeedButton
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show


async def export(_: Message | CallbackQuery, conversation: Conversation) -> None:
    """Have the file sent by the service that writes it; that takes its time."""
    await conversation.send(screens.preparing_export(conversation.say))
    wanted = SendCalendar(app=conversation.app, chat_id=conversation.chat_id)
    await conversation.bus.send(wanted, tell=True)


async def show_feed(_: Message | CallbackQuery, conversation: Conversation) -> None:
    await conversation.show(await _feed(conversation), instead=_later(conversation))


async def create_feed(_: CallbackQuery, conversation: Conversation) -> None:
    """Create the address and show it at once: no outcome may carry it."""
    await conversation.execute(CreateFeed())
    await conversation.tell(await _feed(conversation), instead=_later(conversation))


async def revoke_feed(
    _: CallbackQuery, callback_data: RevokeFeedButton, conversation: Conversation
) -> None:
    """Ask first, then do it."""
    if callback_data.sure:
        await execute_and_show(RevokeFeed(), conversation)
    else:
        await conversation.show(screens.confirm_revoking(conversation.say))


def _later(conversation: Conversation) -> Screen:
    return errors.not_left_waiting(conversation.say, FeedButton().pack())


async def _feed(conversation: Conversation) -> Screen:
    try:
        found = await conversation.ask(GetFeedAddress())
    except QueryUnavailable:
        retry = FeedButton().pack()
        return errors.cannot_look_up(conversation.say, retry, conversation.code)
    return screens.feed(found, conversation.say)
