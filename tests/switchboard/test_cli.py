"""The command: it starts, stops and refuses in words."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bus.users import USERS
from switchboard.cli import main
from switchboard.local.programs import find_script
from switchboard.local.secrets_file import load_secrets
from switchboard.local.servers import local_servers
from tests.switchboard.command import run, running
from tests.switchboard.outside import ONLY_REDIS


@pytest.mark.parametrize("name", ["servers", "run"])
async def test_ctrl_c_stops_everything(scratch: Path, name: str) -> None:
    async with running(name, "--directory", str(scratch), ready=" ready") as command:
        everything = psutil.Process(command.pid).children(recursive=True)
        os.killpg(command.pid, signal.SIGINT)
        _, errors = await asyncio.wait_for(command.communicate(), timeout=60)
    assert command.returncode == 0
    assert b"Traceback" not in errors
    assert not [process for process in everything if process.is_running()]


async def test_only_one_at_a_time(scratch: Path) -> None:
    here = ("--directory", str(scratch))
    async with local_servers(scratch, [], ONLY_REDIS):
        seconds = await asyncio.gather(
            run("servers", *here), run("run", *here), run("reset", "--yes", *here)
        )
    for said in seconds:
        assert said.status == 1
        assert f"already runs in {scratch} (process {os.getpid()}" in said.errors
        assert said.errors.count("\n") == 1


async def test_what_is_up_to_date_stays_as_it_is(scratch: Path) -> None:
    async with running("servers", "--directory", str(scratch), ready="ready"):
        lines = (scratch / "env").read_text().splitlines()
        simple = (line.removeprefix("export ") for line in lines if "'" not in line)
        settings = dict(line.split("=", 1) for line in simple)
        provisioned, migrated = await asyncio.gather(
            run("provision", **settings), run("migrate", **settings)
        )
    assert provisioned.output.endswith("Nothing to change.\n")
    assert migrated.status == 0, migrated.errors


def _main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Runs the command in this process, which spares the time to start another."""
    monkeypatch.setattr(sys, "argv", ["switchboard", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.mark.parametrize(("answer", "forgotten"), [("n", False), ("y", True)])
def test_reset_forgets_after_asking(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, answer: str, forgotten: bool
) -> None:
    load_secrets(scratch / "secrets.json", users=[], apps=[])
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))
    _main(monkeypatch, "reset", "--directory", str(scratch))
    assert scratch.exists() is not forgotten


def test_reset_touches_nothing_but_local_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").touch()
    assert _main(monkeypatch, "reset", "--yes", "--directory", str(tmp_path)) == 1
    assert capsys.readouterr().err == f"switchboard: There is no local data in {tmp_path}.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("provision", "NATS_URL"),
        ("migrate", "DATABASE_URL"),
        ("nats-config", "NATS_SEED_GATEWAY"),
    ],
)
def test_missing_setting_is_named(
    command: str,
    missing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _main(monkeypatch, command) == 1
    assert missing in capsys.readouterr().err


def test_servers_config_is_made_from_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _main(monkeypatch, "keys")
    lines = capsys.readouterr().out.splitlines()
    seeds = dict(line.removeprefix("export ").split("=") for line in lines)
    assert len(seeds) == len(USERS)
    for name, seed in seeds.items():
        monkeypatch.setenv(name, seed)
    assert _main(monkeypatch, "nats-config", "--store-dir", str(tmp_path)) == 0
    config = tmp_path / "nats.conf"
    config.write_text(capsys.readouterr().out)
    assert not [seed for seed in seeds.values() if seed in config.read_text()]
    subprocess.run([find_script("nats-server"), "-t", "-c", str(config)], check=True, timeout=20)
