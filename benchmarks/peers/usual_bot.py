"""The usual bot: aiogram and asyncpg directly, no bus, dialogs in Redis as aiogram keeps them.

    python -m benchmarks.peers.usual_bot

It takes webhooks at a free port, which it says on standard output, and shows the screens of this
project's documents bot, so that what is compared is how they come to be. What it does not
guarantee: an update is acknowledged before it is handled, and lost with its
process; updates of one chat may be handled at once; a repeated one is handled again; nobody hears
of a "Save" that met an error; the bytes of files stay with Telegram alone.
"""

import asyncio
import logging
import os
import sys
from typing import Any

import aiogram
import asyncpg
import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.peers import rows
from contracts.base import Page
from contracts.documents import (
    DocumentAdded,
    DocumentPage,
    DocumentSummary,
    DocumentType,
    TypePage,
    Usage,
)
from contracts.screens import Screen
from screens import documents as screens
from screens import forms
from screens.buttons import button
from screens.documents import TypeButton, TypesButton
from screens.forms import FormButton, Place
from screens.texts import texts
from telegram_api.show import keyboard

SAY = texts("en")
PLACE = Place("add", 1)
LIMIT = Page().limit
ALLOWED = 100_000

router = aiogram.Router()


class Adding(StatesGroup):
    """The steps of the form."""

    type = State()
    new_type = State()
    name = State()
    review = State()


async def _put(press: CallbackQuery, screen: Screen) -> None:
    assert isinstance(press.message, Message)
    await press.message.edit_text(screen.text, reply_markup=keyboard(screen))
    await press.answer()


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.clear()
    screen = screens.menu(SAY, screens.greeting(SAY))
    await message.answer(screen.text, reply_markup=keyboard(screen))


@router.callback_query(TypesButton.filter())
async def show_types(press: CallbackQuery, pool: asyncpg.Pool) -> None:
    person = press.from_user.id
    async with pool.acquire() as connection:
        found, total = await rows.list_types(connection, person, LIMIT)
        count, size = await rows.used(connection, person)
    types = tuple(
        DocumentType(type_id=t["id"], name=t["name"], emoji=t["emoji"], documents=t["documents"])
        for t in found
    )
    usage = Usage(documents=count, documents_allowed=ALLOWED, size=size, size_allowed=10**12)
    page = TypePage(types=types, total=total, usage=usage)
    await _put(press, screens.type_list(page, TypesButton(), SAY))


@router.callback_query(TypeButton.filter())
async def show_documents(
    press: CallbackQuery, callback_data: TypeButton, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as connection:
        described, found = await rows.list_documents(
            connection, press.from_user.id, callback_data.type_id, LIMIT
        )
    documents = tuple(
        DocumentSummary(document_id=d["id"], name=d["name"], added_at=d["added_at"]) for d in found
    )
    page = DocumentPage(
        type_id=callback_data.type_id,
        type_name=described["name"],
        emoji=described["emoji"],
        documents=documents,
        total=described["total"],
    )
    await _put(press, screens.document_list(page, callback_data, SAY))


@router.message(F.document)
async def take_file(message: Message, state: FSMContext, pool: asyncpg.Pool) -> None:
    assert message.document
    assert message.from_user
    file, person = message.document, message.from_user.id
    async with pool.acquire() as connection:
        await rows.keep_file(
            connection, file.file_unique_id, person, file.file_name or "", file.file_size or 0
        )
        found, _ = await rows.list_types(connection, person, LIMIT)
    await state.set_state(Adding.type)
    stem = (file.file_name or "").rpartition(".")[0]
    await state.set_data({"upload": file.file_unique_id, "file": file.file_name, "proposal": stem})
    options = tuple((button(t["name"], PLACE.press("choose", t["id"])),) for t in found)
    new = (button(screens.new_type(SAY), PLACE.press("create")),)
    asked = forms.question(screens.ask_type(SAY), PLACE, SAY, rows=(*options, new))
    await message.answer(asked.text, reply_markup=keyboard(asked))


@router.callback_query(Adding.type, FormButton.filter(F.move == "create"))
async def ask_new_type(press: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Adding.new_type)
    await _put(press, forms.question(screens.ask_new_type(SAY), PLACE, SAY))


@router.message(Adding.new_type, F.text)
async def add_type(message: Message, state: FSMContext, pool: asyncpg.Pool) -> None:
    assert message.from_user
    assert message.text
    async with pool.acquire() as connection:
        type_id = await rows.add_type(connection, message.from_user.id, message.text)
    data = await state.update_data(type_id=type_id, type_name=message.text)
    await state.set_state(Adding.name)
    asked = _ask_name(data)
    await message.answer(asked.text, reply_markup=keyboard(asked))


@router.callback_query(Adding.type, FormButton.filter(F.move == "choose"))
async def choose_type(
    press: CallbackQuery, callback_data: FormButton, state: FSMContext, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as connection:
        found, _ = await rows.list_types(connection, press.from_user.id, LIMIT)
    name = next(t["name"] for t in found if t["id"] == callback_data.value)
    data = await state.update_data(type_id=callback_data.value, type_name=name)
    await state.set_state(Adding.name)
    await _put(press, _ask_name(data))


def _ask_name(data: dict[str, Any]) -> Screen:
    text = f"{screens.ask_name(SAY)}\n{forms.proposed(data['proposal'], SAY)}"
    return forms.question(text, PLACE, SAY, rows=(forms.keep(PLACE, SAY),))


@router.callback_query(Adding.name, FormButton.filter(F.move == "keep"))
async def review(press: CallbackQuery, state: FSMContext) -> None:
    data = await state.get_data()
    await state.set_state(Adding.review)
    answers = {
        screens.file_label(SAY): data["file"],
        screens.type_label(SAY): data["type_name"],
        screens.name_label(SAY): data["proposal"],
    }
    await _put(press, forms.review(answers, PLACE, SAY))


@router.callback_query(Adding.review, FormButton.filter(F.move == "save"))
async def save(press: CallbackQuery, state: FSMContext, pool: asyncpg.Pool) -> None:
    data, person = await state.get_data(), press.from_user.id
    new = rows.NewDocument(person, data["type_id"], data["proposal"], data["upload"], ALLOWED)
    async with pool.acquire() as connection, connection.transaction():
        document_id = await rows.add_document(connection, new)
    await state.clear()
    added = DocumentAdded(
        person_id=person,
        document_id=document_id,
        type_id=new.type_id,
        type_name=data["type_name"],
        name=new.name,
    )
    await _put(press, screens.document_added(added, SAY))


async def _serve() -> None:
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    default = DefaultBotProperties(parse_mode="HTML")
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=api, limit=200), default=default)
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=rows.POOL)
    dispatcher = Dispatcher(storage=RedisStorage.from_url(os.environ["REDIS_URL"]), pool=pool)
    dispatcher.include_router(router)
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(application, path="/webhook")
    setup_application(application, dispatcher, bot=bot)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    uvloop.run(_serve())
