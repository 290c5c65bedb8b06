"""docs/broadcasts.md shows what works: a program requests a mailing as the page says."""

import asyncio
import os
import re
import shlex
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import asyncpg

from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.mailings import starts
from tests.sources import ROOT

PAGE = (ROOT / "docs" / "broadcasts.md").read_text(encoding="utf-8")
ENDS_WITHIN = 90.0


def block(language: str) -> str:
    """Return the page's block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)
    assert isinstance(found, str)
    return found


async def run(*command: str, environment: dict[str, str]) -> str:
    """Return what a command prints."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, cwd=ROOT, env={**os.environ, **environment}
    )
    async with asyncio.timeout(ENDS_WITHIN):
        printed, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return printed.decode()


async def test_a_program_requests_a_mailing_once_however_often_it_asks(
    person: Chat, environment: dict[str, str], database: asyncpg.Connection
) -> None:
    await starts(person, database)
    program = block("python").replace("1002", str(person.person_id))
    # Ids are the program's own: another run of this test is another campaign.
    program = program.replace("autumn", f"autumn-{person.person_id}")

    async def outcomes() -> list[str]:
        printed = await run(sys.executable, "-c", program, environment=environment)
        return printed.splitlines()[:2]

    added, started = await outcomes()
    assert added.startswith("RecipientsAdded")
    assert started.startswith("MailingStarted")
    shown = await person.sees("Autumn is here")
    assert shown["buttons"][0][0]["text"] == "Look"
    assert await outcomes() == [added, started]
    assert await person.count("Autumn is here") == 1


async def test_the_command_line_requests_a_mailing(
    person: Chat, environment: dict[str, str], database: asyncpg.Connection, scratch: Path
) -> None:
    await starts(person, database)
    pub, get, _ = (shlex.split(line) for line in block("sh").replace("\\\n", "").splitlines())

    async def look(command: list[str]) -> str:
        program = [sys.executable, str(ROOT / "scripts" / "look.py"), *command[1:]]
        return await run(*program, environment=environment | {"XDG_CONFIG_HOME": str(scratch)})

    async def is_scheduled() -> bool:
        return "Causation-Id: shop-winter" in await look(get)

    await look(pub)
    await eventually(is_scheduled)
