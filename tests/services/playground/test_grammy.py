"""grammY against the playground: the second client that shares no code with aiogram."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.playground import Playground
from tests.services.playground.conftest import TOKENS

SUITE = Path(__file__).parents[2] / "grammy"
PROGRAMS = ("node", "npm")
INSTALLS_WITHIN = 120.0
RUNS_WITHIN = 60.0

pytestmark = pytest.mark.timeout(INSTALLS_WITHIN + RUNS_WITHIN + 20)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A copy to install into."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        give_up = pytest.fail if os.environ.get("SWITCHBOARD_CI") else pytest.skip
        give_up(f"needs the Debian packages nodejs and npm; missing: {', '.join(missing)}")
    copied = shutil.copytree(SUITE, tmp_path / "grammy", ignore=shutil.ignore_patterns("node_*"))
    return Path(copied)


@pytest.mark.filterwarnings("ignore::aiohttp.multipart.BadContentDispositionHeader")  # see there
async def test_the_suite_passes(suite: Path, server: Playground) -> None:
    install = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    await _run(suite, install, os.environ, INSTALLS_WITHIN)
    bot = {"PLAYGROUND": server.url, "APP": "documents", "TOKEN": TOKENS["documents"]}
    told = {**os.environ, **bot, "PERSON": "1001"}
    await _run(suite, ("node", "suite.mjs"), told, RUNS_WITHIN)


async def _run(
    directory: Path, command: tuple[str, ...], environment: Mapping[str, str], within: float
) -> None:
    """Fail with what the program wrote, also when it does not end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        output = await asyncio.wait_for(process.stdout.read(), within)
        status = await asyncio.wait_for(process.wait(), within)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert status == 0, output.decode()
