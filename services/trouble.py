"""Tells a dependency that is away from a bug, for services that speak to Redis and Telegram."""

import re

from redis.exceptions import (
    ClusterError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bus.errors import NotPublished
from bus.trouble import AWAY, BUG, Trouble, held_up, is_unreachable
from telegram_api.errors import Held, is_token_refused, may_pass

TOKEN_SECONDS = 30.0
"""Until Telegram is asked again whether it knows a bot's token."""

_AWAY = (
    NotPublished,
    RedisConnectionError,
    RedisTimeoutError,
    ClusterError,
    TryAgainError,
    # Redis is full, is no master (any more), or has its users replaced.
    OutOfMemoryError,
    ReadOnlyError,
    NoPermissionError,
)
_BEFORE_AN_ANSWER = "of pipeline caused error: "
_AWAY_WORDS = re.compile(
    r"(?:^|[\s'\"-])(?:OOM|MISCONF|READONLY|LOADING|BUSY|NOREPLICAS|MASTERDOWN|NOPERM|NOAUTH) "
    r"|The user executing the script can't "
)
"""What has no class of its own: some of it never, some not when a script meets it."""


def trouble_of(error: BaseException) -> Trouble:
    """Tell what a failure means; one chat that has to wait holds up nothing but itself.

    So it is with one bot whose token Telegram refuses: others may share its consumer.
    """
    if isinstance(error, Held):
        return held_up(error.retry_after)
    if isinstance(error, Exception) and is_token_refused(error):
        return held_up(TOKEN_SECONDS, lasts=True)
    if isinstance(error, _AWAY) or is_unreachable(error) or _is_redis_in_trouble(error):
        return AWAY
    return AWAY if isinstance(error, Exception) and may_pass(error) else BUG


def _is_redis_in_trouble(error: BaseException) -> bool:
    if not isinstance(error, ResponseError):
        return False
    # Of a pipeline the command comes first, with whatever somebody wrote.
    answer = str(error).rpartition(_BEFORE_AN_ANSWER)[2]
    return _AWAY_WORDS.search(answer) is not None
