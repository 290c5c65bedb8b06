"""Telegram's refusals told apart: who blocked us, what is forgotten, what may work later."""

import json
from http import HTTPStatus

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class Blocked(TelegramForbiddenError):
    """The person blocked the bot, left, or never started it: nothing can be said to them.

    A chat that Telegram does not find, or no longer, is the same to us.
    """

    @property
    def deactivated(self) -> bool:
        """Whether the person's account is gone, and will not come back."""
        return _DEACTIVATED in self.message.lower()


class WrongFileId(TelegramBadRequest):
    """Telegram does not know, or no longer knows, the file of a file_id."""


class FileTooBig(TelegramBadRequest):
    """Telegram does not hand out a file of this size to bots."""


class TelegramAway(TelegramAPIError):
    """Telegram cannot be reached, fails, or asks to wait longer than the caller would.

    `retry_after` is how long to wait, in seconds, None where nobody said. With `fate_unknown` the
    call may have reached Telegram, and made again it may be seen twice.
    """

    def __init__(
        self, method: TelegramMethod[TelegramType], message: str, retry_after: float | None = None
    ) -> None:
        super().__init__(method=method, message=message)
        self.retry_after = retry_after
        self.fate_unknown = False


class Held(TelegramAway):
    """Telegram answers, but this chat or bot has to wait: others may go on meanwhile."""

    label = "Has to wait"


_WRONG_FILE_ID = (
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong file_id",
    "invalid file_id",
    "file reference",
    "file_reference",
)
_FILE_TOO_BIG = "file is too big"
_NO_CHAT = "chat not found"
_DEACTIVATED = "user is deactivated"
_NO_METHOD = "method not found"

CODES: tuple[tuple[type[Exception], str], ...] = (
    (TelegramRetryAfter, str(HTTPStatus.TOO_MANY_REQUESTS.value)),
    (TelegramEntityTooLarge, str(HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value)),
    (TelegramBadRequest, str(HTTPStatus.BAD_REQUEST.value)),
    (TelegramUnauthorizedError, str(HTTPStatus.UNAUTHORIZED.value)),
    (TelegramForbiddenError, str(HTTPStatus.FORBIDDEN.value)),
    (TelegramNotFound, str(HTTPStatus.NOT_FOUND.value)),
    (TelegramConflictError, str(HTTPStatus.CONFLICT.value)),
    (TelegramServerError, "5xx"),
    (TelegramNetworkError, "network"),
    (ClientDecodeError, "undecodable"),
)


def code_of(error: BaseException) -> str:
    """Return a short code of a failed call, one of a fixed set, for metrics and spans."""
    return next((code for kind, code in CODES if isinstance(error, kind)), "error")


def may_pass(error: Exception) -> bool:
    """Tell whether the same call may succeed later, with nothing changed by us."""
    if isinstance(error, ClientDecodeError):
        return not _is_an_answer(error)
    if isinstance(error, TelegramEntityTooLarge):
        return False
    return isinstance(
        error, TelegramAway | TelegramRetryAfter | TelegramNetworkError | TelegramServerError
    )


def is_token_refused(error: Exception) -> bool:
    """Tell whether Telegram does not know the bot's token, or no longer, as while it is replaced.

    To a token that nobody has it says "Not Found", as it does of a method that it does not know.
    """
    if isinstance(error, TelegramNotFound):
        return _NO_METHOD not in error.message.lower()
    return isinstance(error, TelegramUnauthorizedError)


def _is_an_answer(error: ClientDecodeError) -> bool:
    """Tell an answer of Telegram that this aiogram cannot read from a proxy's error page.

    The first is a bug, and the call has had its effect; the second passes by itself.
    """
    if isinstance(error.original, json.JSONDecodeError):
        return False
    return isinstance(error.data, dict) and "ok" in error.data


async def name_refusals(
    make_request: NextRequestMiddlewareType[TelegramType],
    bot: Bot,
    method: TelegramMethod[TelegramType],
) -> Response[TelegramType]:
    """Raise `Blocked`, `WrongFileId` and `FileTooBig` in place of aiogram's wider classes."""
    try:
        return await make_request(bot, method)
    except TelegramForbiddenError as error:
        raise Blocked(error.method, error.message) from error
    except TelegramBadRequest as error:
        said = error.message.lower()
        if _NO_CHAT in said:
            raise Blocked(error.method, error.message) from error
        if any(phrase in said for phrase in _WRONG_FILE_ID):
            raise WrongFileId(error.method, error.message) from error
        if _FILE_TOO_BIG in said:
            raise FileTooBig(error.method, error.message) from error
        raise
