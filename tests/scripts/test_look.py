"""Looking at the bus from the shell."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

from tests.sources import ROOT

DEADLINE = 60.0


async def look(environment: dict[str, str], *arguments: str) -> Process:
    """Start the script."""
    script = str(ROOT / "scripts" / "look.py")
    settings = {"PATH": os.environ["PATH"], **environment}
    return await asyncio.create_subprocess_exec(
        sys.executable, script, *arguments, stdout=PIPE, stderr=PIPE, env=settings
    )


async def test_what_is_published_is_printed(environment: dict[str, str]) -> None:
    listener = await look(environment, "sub", "tried.>", "tried_too.>")
    assert listener.stderr
    async with asyncio.timeout(DEADLINE):
        assert b"Listening" in await listener.stderr.readline()
        asker = await look(environment, "req", "tried.once", '{"n": 1}', "-H", "Actor:1@documents")
        _, refusal = await asker.communicate()
        listener.send_signal(signal.SIGINT)
        printed, _ = await listener.communicate()
    assert b"tried.once: nats: timeout" in refusal, "a listener answers nothing"
    assert printed.decode() == 'tried.once\n  Actor: 1@documents\n{"n": 1}\n'


async def test_a_request_to_nobody_fails_in_words(environment: dict[str, str]) -> None:
    asker = await look(environment, "req", "query.documents.list_types")
    async with asyncio.timeout(DEADLINE):
        printed, refusal = await asker.communicate()
    assert (asker.returncode, printed) == (1, b"")
    assert refusal.startswith(b"Error: query.documents.list_types: ")


async def test_what_is_not_there_is_said_in_words(environment: dict[str, str]) -> None:
    asker = await look(environment, "consumer", "report", "NOWHERE")
    async with asyncio.timeout(DEADLINE):
        printed, refusal = await asker.communicate()
    assert (asker.returncode, printed) == (1, b"")
    assert b"stream not found" in refusal
    assert b"Traceback" not in refusal


async def test_missing_settings_are_named() -> None:
    asker = await look({}, "req", "query.documents.list_types")
    async with asyncio.timeout(DEADLINE):
        _, refusal = await asker.communicate()
    assert b"NATS_URL is missing" in refusal
