"""A Docker engine of its own for tests: images and containers of another are not touched.

`python -m tests.compose.engine` says why none can be started here, and ends with 1 then.
"""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

STARTS_WITHIN = 60.0
STOPS_WITHIN = 60.0
SBIN = "/usr/sbin:/sbin"
NOTHING: Mapping[str, str] = MappingProxyType({})


class NoEngine(Exception):
    """Why no engine can be started here."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine; `directory` holds its images, and whatever else tests keep between runs."""

    directory: Path
    variables: Mapping[str, str]

    async def run(
        self, *command: str, within: float = 300.0, given: Mapping[str, str] = NOTHING
    ) -> str:
        """Run `docker ...`, `given` environment variables, and return what it says.

        Raises AssertionError when it fails.
        """
        process = await asyncio.create_subprocess_exec(
            "docker",
            *command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env={**self.variables, **given},
        )
        try:
            async with asyncio.timeout(within):
                said, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        shown = f"docker {' '.join(command)}:\n{said.decode()[-4000:]}{errors.decode()[-8000:]}"
        assert process.returncode == 0, shown
        return said.decode()


def cache() -> Path:
    """Return where images are kept between runs: whoever deletes it loses only time."""
    kept = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(kept) / "switchboard-compose-test"


@asynccontextmanager
async def engine(directory: Path) -> AsyncIterator[Engine]:
    """Run an engine for as long as the context is open.

    Raises:
        NoEngine: with the reason in words.
    """
    _check_machine()
    _make(directory)
    socket = directory / "docker.sock"
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")},
        **{name: os.environ[name] for name in ("DOCKER_CONFIG",) if name in os.environ},
        "DOCKER_HOST": f"unix://{socket}",
    }
    running = Engine(directory, variables)
    process = await _start(directory, socket)
    try:
        await _wait_for(running, process)
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
            async with asyncio.timeout(STOPS_WITHIN):
                await process.wait()


def _check_machine() -> None:
    if os.geteuid() != 0:
        raise NoEngine("an engine can be started by root only")
    path = f"{os.environ['PATH']}:{SBIN}"
    for program, package in (
        ("dockerd", "docker.io"),
        ("docker", "docker.io"),
        ("mmdebstrap", "mmdebstrap"),
    ):
        if shutil.which(program, path=path) is None:
            raise NoEngine(f"there is no {program}: .ci/engine installs Debian's package {package}")
    if Path("/var/run/docker.pid").exists():
        raise NoEngine("another engine runs here, and two are in each other's way")


def _make(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)


async def _start(directory: Path, socket: Path) -> Process:
    with (directory / "dockerd.log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            "dockerd",
            f"--data-root={directory / 'data'}",
            f"--exec-root={directory / 'exec'}",
            f"--pidfile={directory / 'dockerd.pid'}",
            f"--host=unix://{socket}",
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PATH": f"{os.environ['PATH']}:{SBIN}"},
            start_new_session=True,  # Ctrl-C is for the tests, which then stop what runs in it
        )


async def _wait_for(running: Engine, process: Process) -> None:
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            while process.returncode is None:
                try:
                    await running.run("version")
                except AssertionError:
                    await asyncio.sleep(0.2)  # it has no ready signal
                else:
                    break
    except TimeoutError:
        process.kill()
    if process.returncode is not None:
        log = (running.directory / "dockerd.log").read_text(errors="replace").splitlines()
        raise NoEngine(f"dockerd does not run: {log[-1] if log else 'it says nothing'}")
    try:
        await running.run("compose", "version")
    except AssertionError:
        process.terminate()
        await process.wait()
        raise NoEngine("docker has no `compose`: .ci/engine installs it") from None


async def _try() -> int:
    try:
        async with engine(cache()):
            return 0
    except NoEngine as error:
        sys.stdout.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_try()))
