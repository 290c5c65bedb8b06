"""Bots are built here and nowhere else, so that every call is patient, traced and measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.utils.token import TokenValidationError, extract_bot_id
from aiohttp import ClientTimeout
from opentelemetry.trace import Tracer
from pydantic import SecretStr

from observability.calls import Calls
from telegram_api.calling import PATIENCE_SECONDS
from telegram_api.errors import name_refusals
from telegram_api.flood import FloodControl
from telegram_api.limits import RateLimits
from telegram_api.metrics import timing
from telegram_api.session import Session
from telegram_api.tracing import tracing

CALL_SECONDS = 15.0
"""For one attempt of a call; long polls and uploads ask for more."""

CONNECT_SECONDS = 5.0

CONNECTIONS = 200
"""At once, of all bots together; each polled bot holds one."""


@dataclass(frozen=True)
class Bots:
    """The bots of an installation by app, over one session."""

    by_app: Mapping[str, Bot]
    session: AiohttpSession
    flood_control: FloodControl

    def __getitem__(self, app: str) -> Bot:
        return self.by_app[app]

    def keep_to(self, limits: RateLimits) -> None:
        """Let every call from now on wait for its turn, shared with all who keep to the same."""
        self.flood_control.limits = limits

    async def close(self) -> None:
        """Close their connections."""
        await self.session.close()


def telegram_bots(
    tokens: Mapping[str, SecretStr],
    api_url: str,
    tracer: Tracer,
    calls: Calls,
    patience: float = PATIENCE_SECONDS,
) -> Bots:
    """Build the bots of the apps whose tokens are given.

    `patience` is for how many seconds a call waits for Telegram and tries again before it raises
    `TelegramAway`. A registry takes the metrics of one set of bots. Raises ValueError for a text
    that cannot be a token, naming its app.
    """
    apps = {_bot_id(app, token): app for app, token in tokens.items()}
    flood_control = FloodControl(patience)
    session = _session(api_url, calls)
    # Middlewares wrap a call from the first registered, outermost: what waits is no part of what
    # is timed.
    timed = timing(calls, apps)
    for middleware in (name_refusals, flood_control, tracing(tracer, apps), timed):
        session.middleware.register(middleware)
    bots = {app: _bot(token, session) for app, token in tokens.items()}
    return Bots(bots, session, flood_control)


def _bot_id(app: str, token: SecretStr) -> int:
    try:
        return extract_bot_id(token.get_secret_value())
    except TokenValidationError as error:
        raise ValueError(f"the token of bot {app!r} is not one that Telegram gives out") from error


def _bot(token: SecretStr, session: AiohttpSession) -> Bot:
    default = DefaultBotProperties(parse_mode=ParseMode.HTML)
    return Bot(token.get_secret_value(), session=session, default=default)


def _session(api_url: str, calls: Calls) -> AiohttpSession:
    session = Session(calls, limit=CONNECTIONS, api=TelegramAPIServer.from_base(api_url))
    # With a deadline for connecting alone, a call that never arrived can be told from one of
    # unknown fate.
    timeout = ClientTimeout(total=CALL_SECONDS, sock_connect=CONNECT_SECONDS)
    session.timeout = timeout  # type: ignore[assignment] # declared float, handed on to aiohttp
    return session
