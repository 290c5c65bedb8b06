"""Tells a dependency that is away from a bug, for services that speak to Redis and Telegram."""

from redis.exceptions import BusyLoadingError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bus.errors import NotPublished
from bus.trouble import AWAY, BUG, Trouble, held_up
from telegram_api.errors import Held, may_pass

_AWAY = (NotPublished, RedisConnectionError, RedisTimeoutError, BusyLoadingError, OSError)


def trouble_of(error: BaseException) -> Trouble:
    """Tell what a failure means; one chat that has to wait holds up nothing but itself."""
    if isinstance(error, Held):
        return held_up(error.retry_after)
    if isinstance(error, _AWAY) or (isinstance(error, Exception) and may_pass(error)):
        return AWAY
    return BUG
