"""`switchboard run`, which is all of `make run`: stopped, started again, on another Telegram."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from services.playground import PlaygroundSettings, playground
from switchboard.local.ports import free_port
from tests.chat import Chat
from tests.switchboard.command import running

PDF = b"%PDF-1.4 the bytes of an invoice"
READY = "Switchboard is ready"
TOKEN = "424242:AAanother-telegrams-token-of-the-test"


@asynccontextmanager
async def somebody(address: str) -> AsyncIterator[Chat]:
    """Yield the first person of a playground."""
    async with aiohttp.ClientSession(address) as http:
        yield Chat(http, "documents", 1001)


async def add_invoice(person: Chat) -> None:
    await person.says("/start")
    await person.presses("Add document")
    await person.sends(PDF, "invoice.pdf")
    await person.presses("New type")
    await person.says("Invoices")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")


async def find_invoice(person: Chat) -> None:
    await person.says("/documents")
    await person.presses("Invoices (1)")
    await person.presses("invoice")
    await person.sees_new("Rename")
    assert await person.receives("invoice.pdf") == PDF


async def test_what_was_added_is_there_after_ctrl_c_and_another_run(scratch: Path) -> None:
    arguments = ("run", "--directory", str(scratch / "data"))
    async with running(*arguments, ready=READY) as process:
        async with somebody(address_in(scratch / "data")) as person:
            await add_invoice(person)
            await find_invoice(person)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            await process.communicate()
        assert process.returncode in (0, 130)
    async with (
        running(*arguments, ready=READY),
        somebody(address_in(scratch / "data")) as person,
    ):
        await find_invoice(person)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_another_telegram_is_served(mode: str, scratch: Path) -> None:
    port = free_port()
    other = PlaygroundSettings(directory=scratch / "other", bots={"documents": TOKEN})
    async with playground(other) as telegram:
        settings = {
            "BOT_TOKENS": json.dumps({"documents": TOKEN}),
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_MODE": mode,
            "GATEWAY_PORT": str(port),
            "WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": "a-secret-of-more-than-32-characters",
        }
        arguments = ("run", "--directory", str(scratch / "data"))
        async with running(*arguments, ready=READY, **settings), somebody(telegram.url) as person:
            await add_invoice(person)
            await find_invoice(person)


def address_in(directory: Path) -> str:
    """Return the playground's address as `env` names it."""
    lines = (directory / "env").read_text().splitlines()
    (line,) = [line for line in lines if "TELEGRAM_API_URL" in line]
    return line.partition("=")[2].strip("'")
