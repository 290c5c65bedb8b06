"""The bot service, put together."""

import importlib
from collections.abc import Mapping
from typing import Any, get_args

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import BotCommand, Update

from bus.caller import Wire
from bus.delivery import chain
from bus.middleware.dead_letter import DeadLetters
from bus.middleware.deadline import deadline
from bus.middleware.heartbeat import heartbeat
from bus.middleware.lines import lines
from bus.middleware.metrics import metrics
from bus.middleware.publishing import publishing
from bus.middleware.retry import retry
from bus.middleware.tracing import tracing
from bus.outcomes import outcomes
from bus.resolver import Resolver
from bus.topology import update_consumers
from bus.worker import Worker
from contracts.base import Language
from services.bot import people
from services.bot.dispatching import Dispatch
from services.bot.flood import Flood
from services.bot.in_flight import in_flight
from services.bot.memory import Memory
from services.bot.open_dialogs import count_open_dialogs
from services.bot.presses import press_durations
from services.bot.reading import update_reader
from services.bot.updates import UpdateHandling
from services.life import Life
from services.settings import BotSettings
from services.trouble import trouble_of
from services.workers import typed_workers
from telegram_api.client import telegram_bots
from telegram_api.limits import RateLimits
from telegram_api.session import prepare_calls
from telegram_api.texts import EditText, SendText

log = structlog.get_logger()

SETTINGS = BotSettings
COMMANDS_PAUSE = 5.0
HANDLING_SECONDS = 30.0
"""A backstop, far beyond the budget of a handling: a Redis that hangs is given up before."""


async def bot(settings: BotSettings, life: Life) -> None:
    """Handle the updates of the served bots."""
    Update.model_rebuild()
    prepare_calls(SendText, EditText, AnswerCallbackQuery)
    bots = telegram_bots(settings.served_tokens, settings.telegram_api_url, life.tracer, life.calls)
    try:
        async with (
            life.redis(settings.bot_redis_url) as redis,
            life.bus(settings) as publisher,
            outcomes(publisher.link) as waiting,
            in_flight(redis) as under_way,
        ):
            if settings.telegram_limits:
                bots.keep_to(RateLimits(redis, life.registry, settings.chat_burst))
            memory = Memory(redis, Flood(settings.flood_burst, settings.flood_per_second))
            dispatches, wire = _dispatches(settings.served_bots), Wire(publisher, waiting)
            handling = UpdateHandling(
                dispatches=dispatches, bots=bots, memory=memory, wire=wire, in_flight=under_way
            )
            around = [tracing(life.tracer), lines, metrics(life.meters), heartbeat]
            dead_letters = DeadLetters(publisher)
            retrying = retry(dead_letters, trouble_of, handling.tell_of_bug)
            patient = [retrying, deadline(HANDLING_SECONDS)]
            handle_update = chain([*around, press_durations(life.registry), *patient], handling)
            resolver = Resolver({Memory: memory})
            handle_event = chain(
                [*around, retry(dead_letters, trouble_of), publishing(publisher)], resolver.caller()
            )
            workers = [
                Worker(consumer, update_reader(app, consumer), handle_update, publisher)
                for app in settings.served_bots
                for consumer in update_consumers(app)
            ]
            workers += typed_workers("bot", settings.served_apps, resolver, handle_event, publisher)
            menus = [_offer_commands(app, bots[app], life) for app in settings.served_bots]
            parts = [worker.run(life.stopping) for worker in workers]
            counting = count_open_dialogs(redis, settings.served_bots, life.registry)
            await life.work(publisher.link, [*parts, *menus, life.until_stopping(counting)])
    finally:
        await bots.close()


def _dispatches(apps: tuple[str, ...]) -> Mapping[str, Dispatch]:
    return {app: Dispatch(people.build_router(), _module(app).build_router()) for app in apps}


async def _offer_commands(app: str, bot: Bot, life: Life) -> None:
    """Show the commands in Telegram's menu; without it the bot works all the same."""
    for language in get_args(Language):
        commands = [
            BotCommand(command=name, description=descriptions[language])
            for name, descriptions in _module(app).COMMANDS.items()
        ]
        code = None if language == "en" else language  # English is for everybody else, too
        while not life.stopping.is_set():
            try:
                await bot.set_my_commands(commands, language_code=code)
                break
            except TelegramAPIError as error:
                log.warning("commands.not_offered", app=app, error=str(error))
                await life.pause(COMMANDS_PAUSE)


def _module(app: str) -> Any:
    return importlib.import_module(f"services.bot.{app}")
