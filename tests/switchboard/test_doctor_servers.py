"""The doctor at Redis, nats-server and its users: each broken for real."""

import asyncio
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bus.attempt import attempt
from bus.checkup import storage_of
from switchboard.doctor.findings import Level, Patient
from switchboard.doctor.nats_server import check_nats_server
from switchboard.doctor.nats_users import check_nats_users
from switchboard.doctor.redis_server import check_redis
from switchboard.keys import new_seed
from switchboard.local.ports import free_port
from switchboard.local.programs import find_script
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.switchboard.patients import found_by, none_but_ok, only, with_settings, with_words


@asynccontextmanager
async def program(*command: str, port: int) -> AsyncIterator[None]:
    """Run a server of ours that is set up otherwise than it should be."""

    async def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
    try:
        await eventually(listens)
        yield
    finally:
        process.kill()
        await process.wait()


# Redis


async def test_a_healthy_redis(sick: Patient) -> None:
    assert none_but_ok(await found_by(check_redis, sick))


async def test_a_redis_that_forgets(sick: Patient) -> None:
    port = free_port()
    options = ("--port", str(port), "--save", "", "--maxmemory-policy", "allkeys-lru")
    async with program(find_script("redis-server"), *options, port=port):
        other = with_settings(sick, REDIS_URL=f"redis://127.0.0.1:{port}")
        findings = await found_by(check_redis, other)
    assert "`appendonly yes`" in with_words(findings, "appendonly is no").advice
    assert "`appendfsync always`" in with_words(findings, "appendfsync is everysec").advice
    assert "noeviction" in with_words(findings, "maxmemory-policy is allkeys-lru").advice


async def test_a_redis_that_says_nothing_of_its_settings(sick: Patient) -> None:
    other = with_settings(sick, REDIS_URL=sick.settings["BOT_REDIS_URL"])
    found = only(await found_by(check_redis, other), level=Level.UNKNOWN)
    assert "may not ask for CONFIG GET" in found.said


async def test_a_redis_that_is_away_or_refuses(sick: Patient, servers: LocalServers) -> None:
    wrong = sick.settings["FILES_REDIS_URL"].replace("@", "x@")
    refused = only(await found_by(check_redis, with_settings(sick, FILES_REDIS_URL=wrong)))
    assert "switchboard redis-acl" in refused.advice
    await servers.stop("redis")
    try:
        findings = await found_by(check_redis, sick)
    finally:
        await servers.start("redis")
    assert len(findings) == 4
    assert all("Start Redis" in finding.advice for finding in findings)


# nats-server and its users


@pytest.mark.parametrize(("options", "is_well"), [((), False), (("always",), True)])
async def test_whether_a_power_cut_takes_messages(
    sick: Patient, scratch: Path, options: Sequence[str], is_well: bool
) -> None:
    port = free_port()
    monitoring = free_port(besides=[port])
    sync = "".join(f", sync_interval: {option}" for option in options)
    config = scratch / "nats.conf"
    config.write_text(
        f"listen: 127.0.0.1:{port}, http: 127.0.0.1:{monitoring}\n"
        f'jetstream {{ store_dir: "{scratch}/store"{sync} }}\n'
    )
    async with program(find_script("nats-server"), "-c", str(config), port=monitoring):
        looked_at = replace(sick, monitoring_url=f"http://127.0.0.1:{monitoring}")
        findings = await found_by(check_nats_server, looked_at)
    if is_well:
        assert none_but_ok(findings)
    else:
        assert "up to 120 s after" in only(findings).said
        assert "sync_interval: always" in only(findings).advice


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1"])
async def test_what_cannot_be_known_of_the_server_is_said(sick: Patient, url: str) -> None:
    unknown = only(
        await found_by(check_nats_server, replace(sick, monitoring_url=url)), level=Level.UNKNOWN
    )
    assert "could not be checked because" in unknown.said
    assert "NATS_MONITORING_URL" in unknown.advice


async def test_users_that_cannot(sick: Patient) -> None:
    """A key that is not the user's is what an old configuration of the server comes to."""
    keys = {
        "NATS_SEED_BOT": new_seed(),
        "NATS_SEED_STORAGE": sick.settings["NATS_SEED_GATEWAY"],
        "NATS_SEED_QUERY": sick.settings["NATS_SEED_OPERATOR"],
        "NATS_SEED_FILES": "",
    }
    findings = await found_by(check_nats_users, with_settings(sick, **keys))
    assert "nats-config" in with_words(findings, "does not know the key of bot").advice
    missing = with_words(findings, "storage may not use")
    assert "event.doctor.doctor" in missing.said
    assert "$JS.API.CONSUMER.MSG.NEXT.COMMANDS.storage-people" in missing.said
    assert "query may look at all streams" in {finding.said for finding in findings}
    assert with_words(findings, "seeds of files are not known").level is Level.UNKNOWN


async def test_users_can_do_what_they_need_and_trying_them_stores_nothing(sick: Patient) -> None:
    async with attempt(
        sick.settings["NATS_URL"], "operator", SecretStr(sick.settings["NATS_SEED_OPERATOR"])
    ) as operator:
        before = (await storage_of(operator))["used"]
        assert none_but_ok(await found_by(check_nats_users, sick))
        assert (await storage_of(operator))["used"] == before
