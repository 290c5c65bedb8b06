"""docs/observability.md shows what is really seen: its walk is walked here, command by command.

With WRITE_PAGES=1 the page gets the output of this run.
"""

import asyncio
import os
import re
import shlex
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import Link, connect
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.observability import expected
from tests.observability.test_traces_of_presses import fills_in
from tests.pages import Example, examples, write_if_wanted
from tests.process_state import process_as_before
from tests.sources import ROOT

pytestmark = pytest.mark.timeout(600)

PAGE = ROOT / "docs" / "observability.md"
ENDS_WITHIN = 90.0
LOOK = 'nats() {{ {} "$@"; }}\n'.format(
    shlex.join([sys.executable, str(ROOT / "scripts" / "look.py")])
)
CURL = """command -v curl > /dev/null || curl() { python -c '
import sys, urllib.request as web
accept = {"Accept": "application/openmetrics-text"}
print(web.urlopen(web.Request(sys.argv[1], headers=accept)).read().decode(), end="")' "${@: -1}"; }
"""
"""Where there is none."""
LOOKING = ("curl ", "grep ")
EXPORTED_WITHIN, LOOKS_EVERY = 30.0, 0.5
ID = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{12})\b")
NUMBER = re.compile(r"^\d+(?= )", re.M)


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make run | tee run.log` leaves."""
    return tmp_path_factory.mktemp("walk") / "run.log"


@pytest.fixture(scope="module")
def other_settings(log_file: Path) -> Iterator[dict[str, str]]:
    """Write lines into that file."""
    with (
        log_file.open("w", buffering=1) as output,
        process_as_before(),
        pytest.MonkeyPatch.context() as process,
    ):
        process.setattr(sys, "stdout", output)
        yield {"LOG_FORMAT": "console"}


@dataclass
class Walk:
    """An operator's shell in the folder of a run, and what ids of the page are called there."""

    folder: Path
    person: Chat
    playground: str
    known: dict[str, str] = field(default_factory=dict)

    async def run(self, example: Example) -> Example:
        """Run a command; return it as it was, with what it printed.

        What only looks is run again until it prints what the page says, for as long as telemetry
        may take: it comes later than answers do.
        """
        ran, waited = await self._run(example), 0.0
        while (
            example.command.startswith(LOOKING)
            and not example.is_same(ran.expected)
            and waited < EXPORTED_WITHIN
        ):
            await asyncio.sleep(LOOKS_EVERY)
            ran, waited = await self._run(example), waited + LOOKS_EVERY
        self._learn(example, ran)
        return ran

    async def _run(self, example: Example) -> Example:
        command = example.command
        for word, here in {"1001": str(self.person.person_id), **self.known}.items():
            command = re.sub(rf"\b{word}\b", here, command)
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", f". .local/env\n{LOOK}{CURL}{command}"),
            stdout=PIPE,
            stderr=PIPE,
            cwd=self.folder,
            env={
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "playground": self.playground,
            },
        )
        async with asyncio.timeout(ENDS_WITHIN):
            printed, errors = await process.communicate()
        ended_well = process.returncode == 0 or example.command.startswith(LOOKING)
        assert ended_well, (command, errors.decode(), printed.decode())
        (said,) = self._as_anna(command)
        return Example(said, self._as_anna(*printed.decode().splitlines()))

    def _as_anna(self, *lines: str) -> list[str]:
        return [re.sub(rf"\b{self.person.person_id}\b", "1001", line) for line in lines]

    def _learn(self, page: Example, here: Example) -> None:
        """The first id that a command prints is the page's under another name."""
        name = NUMBER if "dead list" in page.command else ID
        found = [name.search("\n".join(each.expected)) for each in (page, here)]
        if found[0] and found[1]:
            self.known.setdefault(found[0][0], found[1][0])

    async def told(self, trace_id: str, *words: str) -> str:
        """Wait until the playground knows all of a trace."""

        async def known() -> str:
            address = f"/sim/traces/{trace_id}.txt"
            async with self.person.http.get(address) as response:
                text = await response.text()
            return text if all(word in text for word in words) else ""

        return await eventually(known)


@pytest_asyncio.fixture(loop_scope="session")
async def walk(running: str, person: Chat, servers: LocalServers, log_file: Path) -> Walk:
    """Anna has kept a document, and wants to keep another."""
    folder = log_file.parent
    (folder / ".local").symlink_to(servers.directory)
    await fills_in(person, b"the first", "Electricity.pdf")
    await person.presses("Save")
    await person.sees_new("Saved")
    await person.sends(b"the second", "Rent.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.sees_new("Save")
    return Walk(folder, person, running)


@pytest_asyncio.fixture(loop_scope="session")
async def operator(running: str, environment: dict[str, str]) -> AsyncIterator[Link]:
    """Who leaves nothing dead behind, neither before nor after."""
    assert running
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        await link.jetstream.purge_stream("DEAD")
        yield link
        await link.jetstream.purge_stream("DEAD")


@pytest_asyncio.fixture(loop_scope="session")
async def migrator(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may change tables."""
    url = migrated["MIGRATION_DATABASE_URL"].replace("postgresql+asyncpg:", "postgresql:")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def test_every_step_of_the_walk_shows_what_the_page_says(
    walk: Walk, operator: Link, migrator: asyncpg.Connection
) -> None:
    assert operator
    steps = examples(PAGE)
    assert len(steps) > 8
    await migrator.execute("ALTER TABLE documents RENAME TO moved")
    try:
        await walk.person.presses("Save")
        said = await walk.person.sees_new("Something broke")
        (code,) = ID.findall(said["text"])
        await walk.told(code, "gateway telegram receive", "message.dead", "message.handled")
        ran = []
        for step in steps:
            if "dead replay" in step.command:
                await migrator.execute("ALTER TABLE moved RENAME TO documents")
            ran.append(await walk.run(step))
            if "dead replay" in step.command:
                await walk.person.sees_new("Saved")
            if "nats req" in step.command:
                await walk.told(ran[-1].expected[0].split()[-1], "query.answered")
    finally:
        await migrator.execute("ALTER TABLE IF EXISTS moved RENAME TO documents")
    write_if_wanted(PAGE, ran)
    for step, printed in zip(examples(PAGE), ran, strict=True):
        step.assert_same(printed.expected)


@pytest.mark.parametrize("name", ["ADDED", "LATE", "DEAD", "REMINDED"])
def test_trees_of_the_page_are_those_that_are_proven(name: str) -> None:
    tree: str = getattr(expected, name)
    assert f"```\n{tree.strip()}\n```" in PAGE.read_text(encoding="utf-8")
