"""docs/nats-cli.md shows what is really seen: each example is run here, and its output compared.

By scripts/look.py, and by the NATS CLI as well where there is one.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bus.connection import Link, connect
from switchboard.local.programs import find_script
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.sources import ROOT
from tests.switchboard.command import run_program

pytestmark = pytest.mark.timeout(300)

PAGE = ROOT / "docs" / "nats-cli.md"
ENDS_WITHIN = 90.0
IN_ANY_ORDER = {"sub", "trace"}
"""What different senders say at the same time."""
REST = "..."


@dataclass
class Example:
    """A command, and what the page says it prints."""

    command: list[str]
    expected: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return shlex.join(self.command)


def examples() -> list[Example]:
    """Return those of the page, in order."""
    found: list[Example] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Example(shlex.split(line[2:])))
            else:
                found[-1].expected.append(line)
    return found


def shape(line: str) -> Any:
    """Return what stays the same from run to run."""
    if line.startswith("{"):
        return _shape_of(json.loads(line))
    for pattern, word in (
        (r"documents-\d+-[0-9a-f]{8}", "MESSAGE"),
        (r"_INBOX\.\S+", "INBOX"),
        (r"\b[A-Za-z0-9]{22}\b", "ID"),
        (r"\b[0-9a-f]{16,32}\b", "HEX"),
        (r"\S*/nats/context/", "PLACE/"),
        (r"\d+", "0"),
        (r"\s+", " "),
    ):
        line = re.sub(pattern, word, line)
    return line


def _shape_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape_of(each) for name, each in value.items()}
    return [_shape_of(each) for each in value[:1]] if isinstance(value, list) else "any"


def assert_same(example: Example, printed: list[str]) -> None:
    """Compare line by line; `...` on the page stands for the rest."""
    wanted, got = [[shape(line) for line in lines] for lines in (example.expected, printed)]
    if REST in wanted:
        assert wanted.pop() == REST
        got = got[: len(wanted)]
    if example.command[1] in IN_ANY_ORDER:
        wanted, got = sorted(wanted, key=str), sorted(got, key=str)
    assert got == wanted, f"{example} prints otherwise:\n" + "\n".join(printed)


class Shell:
    """Runs what the page says as this installation's operator, about this person."""

    def __init__(self, person: Chat, folder: Path) -> None:
        self.person = person
        self.environment = {**os.environ, "XDG_CONFIG_HOME": str(folder)}
        self.type_id = ""

    async def run(self, example: Example) -> list[str]:
        """Return what a command of the page prints; its first word is replaced."""
        words = self._words(example.command)
        said = await run_program(program_for(example), words, self.environment)
        assert said.status == 0, said.errors
        return said.output.rstrip().splitlines()

    async def start(self, command: list[str], *program: str) -> asyncio.subprocess.Process:
        """Start a command of the page; its first word is replaced."""
        return await asyncio.create_subprocess_exec(
            *program,
            *self._words(command),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self.environment,
        )

    def _words(self, command: list[str]) -> list[str]:
        words = [re.sub(r"\b1001\b", str(self.person.person_id), word) for word in command[1:]]
        return [word.replace('"type_id":1', f'"type_id":{self.type_id}') for word in words]

    async def end(self, process: asyncio.subprocess.Process) -> list[str]:
        """Return what it printed."""
        async with asyncio.timeout(ENDS_WITHIN):
            printed, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return printed.decode().rstrip().splitlines()


def program_for(example: Example) -> str:
    """Return what the page's command is run by."""
    if example.command[0] == "nats":
        return str(ROOT / "scripts" / "look.py")
    return find_script(example.command[0])


@pytest.fixture
async def operator(running: str, environment: dict[str, str]) -> AsyncIterator[Link]:
    """Who leaves nothing dead behind, neither before nor after."""
    assert running
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        await link.jetstream.purge_stream("DEAD")
        yield link
        await link.jetstream.purge_stream("DEAD")


async def test_every_example_prints_what_the_page_shows(
    person: Chat, report: bytes, operator: Link, tmp_path: Path
) -> None:
    async def something_is_dead() -> bool:
        return bool((await operator.jetstream.stream_info("DEAD")).state.messages)

    await person.sends(report, "report.pdf")
    await person.presses("New type")
    await person.says("Invoices")
    await person.presses("Keep")
    await person.sees("Save")
    shell = Shell(person, tmp_path)
    found = examples()
    assert len(found) > 12
    for example in found:
        if example.command[1] == "sub":
            process = await shell.start(example.command, sys.executable, program_for(example))
            assert process.stderr
            async with asyncio.timeout(ENDS_WITHIN):
                assert b"Listening" in await process.stderr.readline()
            await person.presses("Save")
            printed = await shell.end(process)
        else:
            printed = await shell.run(example)
        if "query.documents.list_types" in example.command and printed[-1].startswith("{"):
            shell.type_id = str(json.loads(printed[-1])["types"][0]["type_id"])
        if example.command[1] == "pub" or "replay" in example.command:
            await eventually(something_is_dead)
        assert_same(example, printed)
    await _is_understood_by_the_cli(shell, found)


async def _is_understood_by_the_cli(shell: Shell, found: list[Example]) -> None:
    """Run them by the NATS CLI itself, where it is installed; it lays out tables of its own."""
    nats = shutil.which("nats")
    for example in found:
        if nats and example.command[0] == "nats" and example.command[1] not in {"sub", "pub"}:
            assert await shell.end(await shell.start(example.command, nats)), str(example)
