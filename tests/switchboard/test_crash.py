"""What a run leaves behind when it is killed is healed by the next one."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import psutil
import pytest

from services.discovery import all_apps
from switchboard.local.processes import Processes
from switchboard.local.servers import local_servers
from tests.switchboard.command import running
from tests.switchboard.probes import read_everywhere, write_everywhere

_LASTING = [sys.executable, "-c", "import time; print('on', flush=True); time.sleep(600)"]


async def test_killed_run_loses_nothing(scratch: Path) -> None:
    async with running("servers", "--directory", str(scratch), ready="ready") as run:
        servers = psutil.Process(run.pid).children(recursive=True)
        await write_everywhere(_settings(scratch), "word")
        run.kill()
        await asyncio.wait_for(run.wait(), timeout=60)
        async with local_servers(scratch, all_apps()) as healed:
            assert await read_everywhere(healed.environment) == {"word"}
            assert not [server for server in servers if _is_alive(server)]


async def test_killed_servers_lose_nothing(scratch: Path) -> None:
    async with local_servers(scratch, all_apps()) as servers:
        await write_everywhere(servers.environment, "word")
        for process in servers.processes.values():
            process.send_signal(signal.SIGKILL)
    async with local_servers(scratch, all_apps()) as servers:
        assert await read_everywhere(servers.environment) == {"word"}


@pytest.fixture
def lasting() -> psutil.Popen:
    process = psutil.Popen(_LASTING, stdout=-1)
    process.stdout.readline()  # it runs its program now, under its final name
    return process


async def test_leftover_is_ended(scratch: Path, lasting: psutil.Popen) -> None:
    processes = Processes(scratch / "processes.json")
    processes.remember("server", lasting, signal.SIGTERM)
    await processes.end_leftovers()
    assert lasting.wait(timeout=60) == -signal.SIGTERM


async def test_another_process_with_the_same_number_is_left_alone(
    scratch: Path, lasting: psutil.Popen
) -> None:
    processes = Processes(scratch / "processes.json")
    processes.remember("server", lasting, signal.SIGTERM)
    kept = json.loads((scratch / "processes.json").read_text())
    kept["server"][1] -= 60  # the one we knew had started earlier
    (scratch / "processes.json").write_text(json.dumps(kept))
    await processes.end_leftovers()
    assert lasting.poll() is None
    lasting.kill()
    lasting.wait(timeout=60)


def _is_alive(process: psutil.Process) -> bool:
    """Not so a zombie: in a container nobody may be there to take note of an orphan's end."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _settings(directory: Path) -> dict[str, str]:
    lines = (directory / "env").read_text().splitlines()
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
    return {name: value.strip("'") for name, value in pairs}
