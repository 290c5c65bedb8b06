"""Running services: a failure ends the process and says why, a signal ends it in good order."""

import json
import os
import re
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import pytest_asyncio
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from bus import Actor, Envelope
from bus.connection import connect
from bus.encoding import encode
from bus.provision import provision
from bus.publisher import Publisher
from contracts.base import subject_of
from contracts.documents import AddType
from services.discovery import consumers
from services.run import SERVICES
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.processes.processes import Services
from tests.switchboard.command import Said, run_program

STOPS_WITHIN = 10.0
"""Seconds; then Docker and Kubernetes lose their patience."""


async def run_services(*names: str, environment: Mapping[str, str]) -> Said:
    """Run services that end by themselves."""
    settings = {"PATH": os.environ["PATH"], "HEALTH_PORT": "0", **environment}
    return await run_program("services", names, settings)


async def test_without_a_name_the_services_are_listed() -> None:
    ended = await run_services(environment={})
    assert ended.status == 0
    for name in SERVICES:
        assert re.search(rf"^  {name} +\w", ended.output, re.MULTILINE)


async def test_an_unknown_service_is_said_so() -> None:
    ended = await run_services("storage", "stroage", environment={})
    assert ended.status == 2
    assert ended.errors.startswith("There is no service stroage.")


async def test_wrong_settings_stop_the_start_in_words() -> None:
    ended = await run_services("query", environment={"NATS_URL": "nats://127.0.0.1"})
    assert ended.status == 1
    assert ended.errors.splitlines() == [
        "query cannot start:",
        "NATS_SEED_QUERY is missing; expected: the nkey seed of NATS user query",
        "QUERY_DATABASE_URL is missing; expected: PostgreSQL as role query, postgresql://...",
    ]


async def test_a_service_that_fails_ends_the_process_and_says_why(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = await run_services(
            "playground",
            environment={
                "BOT_TOKENS": json.dumps({"documents": "1:a-token-that-is-of-the-right-form"}),
                "PLAYGROUND_DIR": str(tmp_path),
                "PLAYGROUND_PORT": port,
            },
        )
    assert ended.status == 1
    last = ended.errors.splitlines()[-1]
    assert last.startswith("playground failed: ")
    assert port in last
    assert "Traceback" not in ended.errors


async def test_a_seed_that_is_none_is_said_so() -> None:
    ended = await run_services(
        "files",
        environment={
            "NATS_URL": "nats://127.0.0.1",
            "NATS_SEED_FILES": "s3cret",
            "BOT_TOKENS": json.dumps({"documents": "1:a-token-that-is-of-the-right-form"}),
            "FILES_URL": "file:///tmp",
            "FILES_REDIS_URL": "redis://files:a-password-of-this-test@127.0.0.1",
        },
    )
    assert ended.status == 1
    assert "the nkey seed of NATS user files" in ended.errors.splitlines()[-1]
    assert "s3cret" not in ended.output + ended.errors


@pytest_asyncio.fixture(loop_scope="session")
async def provisioned(migrated: dict[str, str]) -> dict[str, str]:
    """Settings of servers with tables, streams and consumers."""
    seed = SecretStr(migrated["NATS_SEED_OPERATOR"])
    await provision(migrated["NATS_URL"], seed, consumers())
    return migrated


async def test_a_signal_ends_services_in_good_order(provisioned: dict[str, str]) -> None:
    services = Services(provisioned)
    for name in ("storage", "query"):
        await services.start(name)
        began = time.monotonic()
        assert await services.stop(name) == 0, "".join(services.said[name])
        assert time.monotonic() - began < STOPS_WITHIN


async def test_a_signal_ends_what_waits_for_a_dependency_and_loses_nothing(
    provisioned: dict[str, str], servers: LocalServers
) -> None:
    services = Services(provisioned)
    await services.start("storage")
    await servers.stop("postgres")
    try:
        await send(provisioned, AddType(name="in hand"))
        await services.says("storage", "dependency.away")
        began = time.monotonic()
        assert await services.stop("storage") == 0, "".join(services.said["storage"])
        assert time.monotonic() - began < STOPS_WITHIN
        assert await commands(provisioned) == 1
    finally:
        await servers.start("postgres")
    await services.start("storage")

    async def is_done() -> bool:
        return await commands(provisioned) == 0

    await eventually(is_done, within=120)
    assert await services.stop("storage") == 0


async def send(settings: Mapping[str, str], command: AddType) -> None:
    """Publish a command as the bot does."""
    seed = SecretStr(settings["NATS_SEED_BOT"])
    async with connect(settings["NATS_URL"], "bot", seed) as link:
        envelope = Envelope(message_id="test-run-1", actor=Actor(1001, "documents"))
        await Publisher(link, NoOpTracer()).publish(
            subject_of(AddType), encode(command), envelope.headers(), deadline=5
        )


async def commands(settings: Mapping[str, str]) -> int:
    """Return how many types are not added yet; what others have scheduled does not count."""
    seed = SecretStr(settings["NATS_SEED_OPERATOR"])
    async with connect(settings["NATS_URL"], "operator", seed) as link:
        wanted = subject_of(AddType)
        info = await link.jetstream.stream_info("COMMANDS", subjects_filter=wanted)
        return (info.state.subjects or {}).get(wanted, 0)


async def test_a_port_that_is_taken_ends_the_start_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {
            "BOT_TOKENS": json.dumps({"documents": "1:a-token-that-is-of-the-right-form"}),
            "PLAYGROUND_DIR": str(tmp_path),
            "PLAYGROUND_PORT": "0",
            "HEALTH_PORT": port,
        }
        ended = await run_services("playground", environment=environment)
    assert ended.status == 1
    assert ended.errors.splitlines() == [
        f"HEALTH_PORT {port} is in use by another program; expected: a free port, or 0 for any"
    ]
