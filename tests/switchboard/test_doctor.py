"""`switchboard doctor` on a running installation: nothing while it is healthy, then what broke."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import Link, connect
from bus.provision import provision
from bus.topology import STREAMS
from services.discovery import all_apps, consumers
from services.health_address import addresses_in
from switchboard.doctor.bus import check_bus
from switchboard.doctor.findings import Finding, Level, Patient
from switchboard.doctor.services import check_services
from switchboard.keys import new_seed
from switchboard.local.servers import LocalServers, local_servers
from tests.bus.waiting import eventually
from tests.processes.conftest import prepare
from tests.processes.processes import Services
from tests.switchboard.command import run
from tests.switchboard.patients import found_by, none_but_ok, only, patient, with_words


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def servers() -> AsyncIterator[LocalServers]:
    """Servers of their own, migrated and provisioned, whose services may be stopped."""
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with local_servers(Path(directory), all_apps()) as running:
            await prepare(running.environment)
            yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def services(servers: LocalServers) -> AsyncIterator[Services]:
    """All services in one process."""
    running = Services(servers.environment)
    try:
        await running.start("all")
        yield running
    finally:
        await running.stop_all()


@pytest_asyncio.fixture(loop_scope="session")
async def sick(servers: LocalServers, services: Services) -> AsyncIterator[Patient]:
    """The installation, healthy so far; streams and consumers are mended afterwards."""
    health = addresses_in(Path(services.environment["HEALTH_DIR"]))
    yield patient(servers.environment, directory=servers.directory, health_urls=health)
    url, seed = _operator(servers)
    await provision(url, seed, consumers())


@pytest_asyncio.fixture(loop_scope="session")
async def operator(servers: LocalServers) -> AsyncIterator[Link]:
    """A connection that may break everything."""
    url, seed = _operator(servers)
    async with connect(url, "operator", seed) as link:
        yield link


def _operator(servers: LocalServers) -> tuple[str, SecretStr]:
    environment = servers.environment
    return environment["NATS_URL"], SecretStr(environment["NATS_SEED_OPERATOR"])


async def looking_at_bus(whom: Patient, words: str) -> Finding:
    """Wait until a finding has these words: services read again only after a moment."""

    async def look() -> Finding | None:
        found = [each for each in await found_by(check_bus, whom) if words in each.said]
        return found[0] if found else None

    return await eventually(look) or pytest.fail("not found")


async def test_a_healthy_installation_has_no_problems(sick: Patient, servers: LocalServers) -> None:
    # Where services tell of their health it finds by itself.
    said = await run("doctor", "--json", "--directory", str(servers.directory))
    findings = [json.loads(line) for line in said.output.splitlines()]
    assert [found for found in findings if found["level"] != "ok"] == [], said.errors
    assert said.status == 0
    looked_at = {found["check"] for found in findings}
    assert looked_at >= {"nats", "streams", "readers", "lag", "dead letters", "room in streams"}
    assert looked_at >= {"NATS fsync", "NATS users", "PostgreSQL", "tables", "Redis on disk"}
    assert looked_at >= {"secrets", "secret files", "disk", "service bot", "service query"}


async def test_problems_are_listed_with_what_to_do(
    sick: Patient, servers: LocalServers, operator: Link
) -> None:
    await operator.jetstream.publish("dead.command.documents.add_type", b"")
    try:
        said = await run("doctor", "--directory", str(servers.directory))
    finally:
        await operator.jetstream.purge_stream("DEAD")
    assert said.status == 1
    lines, _, advice = said.output.partition("\nWhat to do:\n")
    assert "problem  dead letters: one dead letter lies in DEAD" in lines
    assert "`switchboard dead list` says why" in advice
    assert "1 problems, 0 warnings, 0 not checked" in advice


async def test_nothing_to_look_at_is_an_exit_status_of_its_own(tmp_path: Path) -> None:
    said = await run("doctor", "--directory", str(tmp_path))
    assert said.status == 2
    assert "NATS_URL is missing" in said.errors
    assert said.output == ""


async def test_a_folder_in_which_nothing_runs_is_one_finding(scratch: Path) -> None:
    async with local_servers(scratch, all_apps()):
        pass
    said = await run("doctor", "--json", "--directory", str(scratch))
    (found,) = [json.loads(line) for line in said.output.splitlines()]
    assert said.status == 1
    assert found["said"] == f"nothing runs in {scratch}"
    assert "make run" in found["advice"]


async def test_a_missing_consumer(sick: Patient, operator: Link) -> None:
    await operator.jetstream.delete_consumer("COMMANDS", "storage-people")
    found = await looking_at_bus(sick, "storage-people of COMMANDS is missing")
    assert found.level is Level.PROBLEM
    assert "switchboard provision" in found.advice


async def test_a_consumer_that_was_changed(sick: Patient, operator: Link) -> None:
    (declared,) = [each for each in consumers() if each.name == "storage-people"]
    config = declared.config().evolve(max_ack_pending=7)
    await operator.jetstream.add_consumer(declared.stream, config)
    wanted = "storage-people of COMMANDS: max_ack_pending is 7 instead of 256"
    assert with_words(await found_by(check_bus, sick), wanted).level is Level.PROBLEM


async def test_a_stream_that_was_changed(sick: Patient, operator: Link) -> None:
    await operator.jetstream.update_stream(STREAMS["EVENTS"].evolve(max_bytes=1024 * 1024))
    found = only(await found_by(check_bus, sick))
    assert "stream EVENTS: max_bytes is 1048576 instead of 536870912" in found.said
    assert "switchboard provision" in found.advice


async def test_a_missing_stream(sick: Patient, operator: Link) -> None:
    await operator.jetstream.delete_stream("DEAD")
    findings = await found_by(check_bus, sick)
    assert "switchboard provision" in with_words(findings, "stream DEAD is missing").advice
    assert with_words(findings, "because its stream is not there").check == "dead letters"


async def test_a_consumer_of_the_past(sick: Patient, operator: Link) -> None:
    declared = next(each for each in consumers() if each.stream == "EVENTS")
    config = declared.config().evolve(durable_name="notifier-past", filter_subjects=["event.x.y"])
    await operator.jetstream.add_consumer("EVENTS", config)
    found = only(await found_by(check_bus, sick), level=Level.WARNING)
    assert "EVENTS notifier-past is in no table any more" in found.said
    await operator.jetstream.delete_consumer("EVENTS", "notifier-past")


async def test_a_stream_that_is_nearly_full(
    sick: Patient, operator: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchboard.doctor.bus.NEARLY_FULL", 0.003)
    await operator.jetstream.publish("dead.nonsense", bytes(1_000_000))
    try:
        findings = await found_by(check_bus, sick)
    finally:
        await operator.jetstream.purge_stream("DEAD")
    assert with_words(findings, "stream DEAD is 0% full").check == "room in streams"


async def test_an_operator_whom_the_server_does_not_know(sick: Patient) -> None:
    stranger = replace(sick, settings={**sick.settings, "NATS_SEED_OPERATOR": new_seed()})
    found = only(await found_by(check_bus, stranger))
    assert "cannot be used as operator" in found.said
    assert "switchboard nats-config" in found.advice


async def test_services_that_were_stopped(
    sick: Patient, services: Services, operator: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert none_but_ok(await found_by(check_services, sick))
    await services.stop("all")
    monkeypatch.setattr("switchboard.doctor.bus.WAITING_SECONDS", 0.0)
    await operator.jetstream.publish("command.people.erase_person", b"{}")
    try:
        storage = sum(consumer.name.startswith("storage-") for consumer in consumers())
        words = f"nobody reads {storage} of the consumers of storage"
        found = await looking_at_bus(sick, words)
        assert "Start the service storage" in found.advice
        lag = with_words(await found_by(check_bus, sick), "storage-people of COMMANDS: 1 wait")
        assert lag.level is Level.WARNING
        findings = await found_by(check_services, sick)
        assert "does not answer" in with_words(findings, sick.health_urls[0]).said
        alone = await found_by(check_services, replace(sick, health_urls=[]))
        assert "no service has left its address" in alone[0].said
        assert alone[0].level is Level.UNKNOWN
        assert "Start the service query" in with_words(findings, "nobody answers").advice
    finally:
        await operator.jetstream.purge_stream("COMMANDS")
        await services.start("all")


async def test_a_service_that_is_not_ready_says_for_what_it_waits(
    sick: Patient, servers: LocalServers
) -> None:
    await servers.stop("redis")
    try:

        async def look() -> list[Finding]:
            return [
                each
                for each in await found_by(check_services, sick)
                if each.check == "service bot" and "Redis does not answer" in each.said
            ]

        (found,) = await eventually(look)
        assert found.level is Level.PROBLEM
    finally:
        await servers.start("redis")

    async def healthy() -> bool:
        return none_but_ok(await found_by(check_services, sick))

    await eventually(healthy, within=120)


async def test_a_bus_that_is_away(sick: Patient, servers: LocalServers) -> None:
    await servers.stop("nats")
    try:
        bus, services = await asyncio.gather(
            found_by(check_bus, sick), found_by(check_services, sick)
        )
    finally:
        await servers.start("nats")
    assert "Start nats-server" in only(bus).advice
    assert with_words(services, "NATS cannot be reached").level is Level.UNKNOWN
