"""Runs the `switchboard` command as a person does: in a process and a process group of its own."""

import asyncio
import os
import signal
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from switchboard.local.programs import find_script
from tests.processes.warm import warm

DEADLINE = 90.0
"""Seconds for anything to happen."""

_OURS = (
    "NATS_",
    "DATABASE_",
    "QUERY_",
    "MIGRATION_",
    "REDIS_",
    "BOT_",
    "NOTIFIER_",
    "FILES_",
    "TELEGRAM_",
    "APPS",
)


class Said(NamedTuple):
    status: int
    output: str
    errors: str


async def run(*arguments: str, typed: str = "", **settings: str) -> Said:
    """Waits for the command's end."""
    return await run_program(find_script("switchboard"), arguments, _environment(settings), typed)


async def run_program(
    program: str, arguments: Sequence[str], environment: Mapping[str, str], typed: str = ""
) -> Said:
    """Runs a module, or a script by its path, to its end; most of its imports are done before."""
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        asked.write(typed.encode())
        asked.seek(0)
        streams = (asked.fileno(), output.fileno(), errors.fileno())
        process = await warm().start_program(program, arguments, environment, streams)
        try:
            status = await asyncio.wait_for(process.wait(), DEADLINE)
        finally:
            if process.returncode is None:
                process.kill()
        said = []
        for file in (output, errors):
            file.seek(0)
            said.append(file.read().decode())
    return Said(status, *said)


@asynccontextmanager
async def running(*arguments: str, ready: str, **settings: str) -> AsyncIterator[Process]:
    """Yields the process once it has said a line with `ready` in it."""
    process = await _start(arguments, settings)
    try:
        await read_until(process, ready)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), DEADLINE)


async def read_until(process: Process, words: str) -> str:
    """Reads the process's output up to a line that contains the words."""
    assert process.stdout is not None
    read = ""
    async with asyncio.timeout(DEADLINE):
        while words not in read:
            line = await process.stdout.readline()
            assert line, f"it ended, having said: {read}{await _errors(process)}"
            read += line.decode()
    return read


async def _errors(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode()


async def _start(arguments: tuple[str, ...], settings: Mapping[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        find_script("switchboard"),
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=_environment(settings),
        start_new_session=True,
    )


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, **settings}
