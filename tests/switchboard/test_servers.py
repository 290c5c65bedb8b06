"""The local servers: data stays, one run at a time, trouble in words."""

import asyncio
import signal
import socket
import stat
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest

from switchboard.errors import Trouble
from switchboard.local import servers as starting
from switchboard.local.os_user import as_user, postgres_user
from switchboard.local.redis import redis_program
from switchboard.local.server import Program
from switchboard.local.servers import local_servers
from switchboard.local.setup import Setup
from tests.switchboard.outside import ONLY_POSTGRES, ONLY_REDIS
from tests.switchboard.probes import plain_url, read_everywhere, write_everywhere

APPS = ("documents", "people")


async def test_data_and_addresses_stay(scratch: Path) -> None:
    async with local_servers(scratch, APPS) as servers:
        await write_everywhere(servers.environment, "слово")
        before = servers.environment
    async with local_servers(scratch, APPS) as servers:
        assert servers.environment == before
        assert await read_everywhere(servers.environment) == {"слово"}


async def test_second_run_is_refused_with_the_address_of_the_first(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        servers.say_address("http://127.0.0.1:1")
        with pytest.raises(
            Trouble, match=r"already runs in .* \(process \d+, at http://127.0.0.1:1\)"
        ):
            async with local_servers(scratch, APPS, ONLY_REDIS):
                pass


async def test_taken_port_is_replaced(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        before = servers.environment["REDIS_URL"]
    port = int(before.rpartition(":")[2].partition("/")[0])
    with socket.create_server(("127.0.0.1", port)):
        async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
            assert servers.environment["REDIS_URL"] != before


async def test_a_port_that_was_taken_for_a_moment_only_is_tried_again(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it is looked at whoever took it has gone: only the server knows of them."""
    words = "Could not create server TCP listening socket: bind: Address already in use"
    too_late = [("sh", "-c", f"echo '{words}'; exit 1")]

    async def unlucky_once(setup: Setup) -> Program:
        program = await redis_program(setup)
        return replace(program, command=too_late.pop()) if too_late else program

    monkeypatch.setattr(starting, "_PROGRAMS", {"redis": unlucky_once})
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        assert servers.processes["redis"].is_running()
    assert not too_late


async def test_ports_of_running_services_stay_theirs(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        before = servers.environment
        assert servers.moved == []
    ports = {name: int(before[f"{name}_PORT"]) for name in ("PLAYGROUND", "FILES", "GATEWAY")}
    with ExitStack() as services:
        for port in ports.values():
            services.enter_context(socket.create_server(("127.0.0.1", port)))
        async with local_servers(scratch, APPS, ONLY_REDIS, services_run=True) as servers:
            assert servers.environment == before
            assert servers.moved == []
        # Services that this process is to run need ports that are free.
        async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
            after = {name: int(servers.environment[f"{name}_PORT"]) for name in ports}
            said = sorted(servers.moved)
    assert not set(after.values()) & set(ports.values())
    assert said == sorted(
        f"Port {ports[name]} of {name.lower()} is taken by another program:"
        f" {name.lower()} is at {after[name]} from now on."
        for name in ports
    )


async def test_server_that_cannot_start_says_why(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS):
        pass
    (scratch / "redis" / "appendonly.aof").write_text("nonsense\n" * 9)
    with pytest.raises(Trouble, match=r"redis-server ended by itself[^$]*Bad file format"):
        async with local_servers(scratch, APPS, ONLY_REDIS):
            pass


async def test_server_that_dies_ends_the_watch(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        servers.processes["redis"].send_signal(signal.SIGKILL)
        with pytest.raises(Trouble, match="redis-server ended by itself"):
            await asyncio.wait_for(servers.watch(), timeout=60)


async def test_one_server_stops_and_starts_again(scratch: Path) -> None:
    async with local_servers(scratch, APPS) as servers:
        await write_everywhere(servers.environment, "word")
        for name in ("nats", "postgres", "redis"):
            await servers.stop(name)
            await servers.start(name)
        assert await read_everywhere(servers.environment) == {"word"}


async def test_number_of_another_server_in_postmaster_pid_is_healed(scratch: Path) -> None:
    crashed, other = scratch / "crashed", scratch / "other"
    async with local_servers(crashed, APPS, ONLY_POSTGRES):
        left_behind = (crashed / "postgres" / "postmaster.pid").read_text()
    async with local_servers(other, APPS, ONLY_POSTGRES) as servers:
        number = servers.processes["postgres"].pid
        lines = [str(number), *left_behind.splitlines()[1:]]
        (crashed / "postgres" / "postmaster.pid").write_text("\n".join(lines))
        async with local_servers(crashed, APPS, ONLY_POSTGRES):
            assert servers.processes["postgres"].is_running()


async def test_server_that_nobody_remembers_is_ended(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_POSTGRES) as servers:
        forgotten = servers.processes["postgres"]
        arguments = forgotten.cmdline()
        environment = servers.environment
    program = psutil.Popen(arguments, **as_user(postgres_user()))
    connection = await _connect_when_ready(plain_url(environment["QUERY_DATABASE_URL"]))
    await connection.close()
    async with local_servers(scratch, APPS, ONLY_POSTGRES):
        assert program.wait(timeout=60) == 0


async def _connect_when_ready(url: str) -> asyncpg.Connection:
    async with asyncio.timeout(60):
        while True:
            try:
                return await asyncpg.connect(url)
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.05)


async def test_secrets_are_for_their_owner_only(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS):
        for name in ("secrets.json", "env", "operator.nk", "redis.conf", "redis.acl"):
            assert stat.S_IMODE((scratch / name).stat().st_mode) == 0o600


async def test_settings_can_be_sourced_by_a_shell(scratch: Path) -> None:
    async with local_servers(scratch, APPS, ONLY_REDIS) as servers:
        wanted = [servers.environment[name] for name in ("BOT_TOKENS", "REDIS_URL")]
    assert _source(scratch, "BOT_TOKENS", "REDIS_URL") == wanted


def _source(directory: Path, *names: str) -> list[str]:
    command = ["sh", "-c", '. ./env; printenv "$@"', "sh", *names]
    done = subprocess.run(command, cwd=directory, env={}, capture_output=True, text=True)
    return done.stdout.splitlines()
