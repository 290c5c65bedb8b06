"""A bot written with aiogram, as the apps are: polling, buttons, files, HTML."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError, TelegramNetworkError, TelegramRetryAfter
from aiogram.filters import CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from services.playground import Playground
from tests.services.playground.conftest import TOKENS
from tests.services.playground.person import Person

MENU = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Count", callback_data="count:1")]]
)


def _conversation() -> Router:
    router = Router()

    @router.message(CommandStart())
    async def greet(message: Message) -> None:
        await message.answer("Hello, <b>you</b> & me".replace("&", "&amp;"), reply_markup=MENU)

    @router.callback_query(F.data == "count:1")
    async def count(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Counted: <i>1</i>")
        await query.answer("One")

    @router.message(F.document)
    async def turn_round(message: Message, bot: Bot) -> None:
        assert message.document is not None
        content = await bot.download(message.document)
        assert content is not None
        turned = BufferedInputFile(content.read()[::-1], f"turned-{message.document.file_name}")
        await message.answer_document(turned, caption="Turned round")

    return router


@asynccontextmanager
async def _client(server: Playground) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    async with Bot(TOKENS["documents"], session=session) as bot:
        bot.default.parse_mode = "HTML"
        yield bot


@pytest.fixture
async def polling(server: Playground) -> AsyncIterator[Bot]:
    """The bot at work, stopped as aiogram stops."""
    dispatcher = Dispatcher()
    dispatcher.include_router(_conversation())
    async with _client(server) as bot:
        task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
        yield bot
        await dispatcher.stop_polling()
        await asyncio.wait_for(task, 60)


@pytest.mark.usefixtures("polling")
async def test_start_button_edit(anna: Person) -> None:
    await anna.says("/start")
    greeting = await anna.sees("Hello, you & me")
    assert greeting["entities"] == [{"type": "bold", "offset": 7, "length": 3}]
    await anna.presses("Count")
    counted = await anna.sees("Counted: 1")
    assert counted["id"] == greeting["id"]
    assert counted["edited"]
    chat = await anna.until(lambda chat: chat["callback_answers"])
    assert chat["callback_answers"][0]["text"] == "One"


@pytest.mark.usefixtures("polling")
async def test_a_file_there_and_back(anna: Person) -> None:
    await anna.uploads("Привет".encode(), "письмо.txt")
    answer = await anna.sees("Turned round")
    assert answer["file"]["name"] == "turned-письмо.txt"
    assert await anna.file(answer["id"]) == "Привет".encode()[::-1]


async def test_conflict_and_flood(server: Playground, anna: Person) -> None:
    async with _client(server) as bot:
        await bot.set_webhook("http://127.0.0.1:9/")
        with pytest.raises(TelegramConflictError, match="while webhook is active"):
            await bot.get_updates()
        await anna.orders_fault({"method": "getMe", "retry_after": 3})
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.get_me()
        assert refused.value.retry_after == 3


async def test_an_answer_may_get_lost_after_the_deed(server: Playground, anna: Person) -> None:
    await anna.says("/start")
    await anna.orders_fault({"method": "sendMessage", "disconnect": True})
    async with _client(server) as bot:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(anna.id, "Did it arrive?")
    assert await anna.sees("Did it arrive?")
