"""What fails is tried on and on, ever more slowly, and said once instead of each time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramRetryAfter,
)

from bus import NotPublished
from telegram_api.errors import TelegramAway, is_token_refused, may_pass

log = structlog.get_logger()

FIRST_SECONDS, LONGEST_SECONDS = 0.5, 10.0
"""The longest is also how long people may wait once Telegram is back."""
LONGEST_CONFLICT_SECONDS = 1.0
"""Another copy polls: while one takes over from the other, people wait for whoever polls next."""

Result = TypeVar("Result")


class Setbacks:
    """The failures in a row of one bot's work.

    The attempts never end, deliberately: a token may be given back, a network repaired, another
    process stopped, and nobody is there to start the work again.
    """

    def __init__(self, app: str) -> None:
        self._app = app
        self._delay = FIRST_SECONDS
        self._said = ""

    async def outlast(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Call until it succeeds, however often it fails."""
        while True:
            try:
                result = await attempt()
            except Exception as error:  # noqa: BLE001 - one bot's bug must not silence the others
                self._say(error)
                self._delay = min(self._delay, _longest_delay(error))
                await asyncio.sleep(max(self._delay, _asked_to_wait(error)))
                self._delay = min(self._delay * 2, LONGEST_SECONDS)
            else:
                self._recover()
                return result

    def _recover(self) -> None:
        if self._said:
            log.info("gateway.resumed", app=self._app)
        self._delay, self._said = FIRST_SECONDS, ""

    def _say(self, error: Exception) -> None:
        event = _event_of(error)
        if event == self._said:
            return
        self._said = event
        if event == "gateway.failed":
            log.error(event, app=self._app, exc_info=error)
        elif event == "gateway.token_refused":
            log.error(event, app=self._app, reason=str(error))
        else:
            log.warning(event, app=self._app, reason=str(error))


def _event_of(error: Exception) -> str:
    if isinstance(error, TelegramConflictError):
        return "gateway.conflicted"
    if is_token_refused(error):
        return "gateway.token_refused"
    if isinstance(error, NotPublished):
        return "gateway.update_not_published"
    return "gateway.telegram_away" if may_pass(error) else "gateway.failed"


def _longest_delay(error: Exception) -> float:
    if isinstance(error, TelegramConflictError):
        return LONGEST_CONFLICT_SECONDS
    # Publishing has waited for the bus itself, and ends the moment that is back.
    return FIRST_SECONDS if isinstance(error, NotPublished) else LONGEST_SECONDS


def _asked_to_wait(error: Exception) -> float:
    if isinstance(error, TelegramRetryAfter | TelegramAway):
        return float(error.retry_after or 0)
    return 0.0
