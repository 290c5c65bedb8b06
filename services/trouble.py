"""Tells a dependency that is away from a bug, for services that speak to Redis and Telegram."""

from redis.exceptions import BusyLoadingError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bus.errors import NotPublished
from telegram_api.errors import may_pass

_PASSES = (NotPublished, RedisConnectionError, RedisTimeoutError, BusyLoadingError, OSError)


def is_away(error: BaseException) -> bool:
    """Whether the same work may succeed later, with nothing changed by us."""
    return isinstance(error, _PASSES) or (isinstance(error, Exception) and may_pass(error))
