"""The bytes of a file that people sent, streamed, so that no file is ever whole in memory."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from aiogram import Bot
from aiogram.methods import GetFile
from aiohttp import ClientError, ClientResponse, ClientTimeout

from telegram_api.errors import TelegramAway, WrongFileId
from telegram_api.metrics import TELEGRAM
from telegram_api.session import Session

CHUNK_SIZE = 64 * 1024
"""Bytes."""

TIMEOUT = ClientTimeout(total=300, sock_connect=5, sock_read=30)


async def download(bot: Bot, file_id: str) -> AsyncIterator[bytes]:
    """Yield the bytes of a file.

    Raises WrongFileId for a file that Telegram does not have, FileTooBig for one it does not hand
    out, and TelegramAway for trouble on the way, a file cut short included.
    """
    call = GetFile(file_id=file_id)
    file = await bot(call)
    if file.file_path is None:
        raise WrongFileId(call, "Telegram names no path to the file")
    received = 0
    try:
        async for chunk in _chunks(bot, call, file.file_path):
            received += len(chunk)
            yield chunk
    except (ClientError, TimeoutError) as error:
        # Its message names the address, and that contains the token: the class has to do.
        raise TelegramAway(call, f"download failed: {type(error).__name__}") from None
    if file.file_size is not None and received != file.file_size:
        raise TelegramAway(call, f"download ended after {received} of {file.file_size} bytes")


async def _chunks(bot: Bot, call: GetFile, path: str) -> AsyncIterator[bytes]:
    assert isinstance(bot.session, Session)  # built by telegram_api.client
    url = bot.session.api.file_url(bot.token, path)
    connections = await bot.session.create_session()
    # As long as the bytes come: whoever keeps them slowly makes it longer.
    with bot.session.calls.traced(TELEGRAM, "download"):
        async with connections.get(url, timeout=TIMEOUT) as response:
            _check(response, call)
            async for chunk in response.content.iter_chunked(CHUNK_SIZE):
                yield chunk


def _check(response: ClientResponse, call: GetFile) -> None:
    if response.status == HTTPStatus.NOT_FOUND:
        raise WrongFileId(call, "Telegram does not have the file")
    if response.status != HTTPStatus.OK:
        raise TelegramAway(call, f"download answered {response.status}")
