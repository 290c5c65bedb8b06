"""The one place that decides what happens to a message whose handling failed.

A dependency away, or a message that cannot be handled yet: it stays in hand and is tried again,
for hours if need be. Anything else is taken for a bug or bad data: a few attempts, then DEAD.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bus.delivery import CallNext, Delivery, Middleware
from bus.errors import NotYet, in_short
from bus.middleware.dead_letter import DeadLetters

log = structlog.get_logger()

ATTEMPT_DELAYS = (0.2, 0.6, 1.2)
"""Seconds between the attempts at a message that meets a bug: four attempts within 2 s."""
AWAY_DELAYS = (0.1, 0.2, 0.5, 1.0, 2.0)
NOT_YET_DELAYS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
NOT_YET_AT_MOST = 24 * 60 * 60.0
"""Seconds; what has not happened in a day is not going to happen."""
DELIVERIES_AT_MOST = 25
"""After so many a message is taken for one that kills its process. Restarts count, too, hence not
fewer: each leaves what it has in hand to the next delivery."""

IsAway = Callable[[BaseException], bool]
OnDead = Callable[[Delivery, BaseException], Awaitable[None]]


def retry(dead_letters: DeadLetters, is_away: IsAway, on_dead: OnDead | None = None) -> Middleware:
    """Try again as the failure deserves; `is_away` tells trouble of a dependency from a bug.

    `on_dead` tells whoever waits that a message was buried.
    """

    give_up = _giving_up(dead_letters, on_dead)

    async def attempt(delivery: Delivery, call_next: CallNext) -> None:
        if delivery.attempt > DELIVERIES_AT_MOST:
            return await give_up(delivery, RuntimeError("it was never settled"))
        failures = away = not_yet = 0
        began = time.monotonic()
        while True:
            try:
                return await call_next(delivery)
            except NotYet as reason:
                if time.monotonic() - began > NOT_YET_AT_MOST:
                    return await give_up(delivery, reason)
                not_yet += 1
                log.debug("message.not_yet", message=delivery.subject, reason=str(reason))
                await asyncio.sleep(_delay(NOT_YET_DELAYS, not_yet))
            except Exception as error:  # whatever a handler raises has an ending here
                if is_away(error):
                    away += 1
                    log.warning("dependency.away", message=delivery.subject, error=in_short(error))
                    await asyncio.sleep(_delay(AWAY_DELAYS, away))
                    continue
                failures += 1
                log.exception("handler.failed", message=delivery.subject, attempt=failures)
                if failures > len(ATTEMPT_DELAYS):
                    return await give_up(delivery, error)
                await asyncio.sleep(_delay(ATTEMPT_DELAYS, failures))

    return attempt


def _giving_up(dead_letters: DeadLetters, on_dead: OnDead | None) -> OnDead:
    async def give_up(delivery: Delivery, error: BaseException) -> None:
        await dead_letters.bury(delivery, error)
        if on_dead:
            try:
                await on_dead(delivery, error)
            except Exception:  # the message is buried: its ending must not end the service
                log.exception("death.not_told", message=delivery.subject)

    return give_up


def _delay(delays: tuple[float, ...], times: int) -> float:
    return delays[min(times, len(delays)) - 1]
