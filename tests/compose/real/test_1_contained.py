"""What came up from nothing is healthy, and each container can do no more than it has to."""

import asyncio

import pytest

from tests.compose.installation import Installation

ONE_SHOTS = {"secrets", "migrate", "provision"}
SERVICES = {"gateway", "bot", "storage", "query", "notifier", "files", "playground"}
SERVERS = {"nats", "postgres", "redis", "s3", "nginx", "prometheus", "alertmanager"}
UNHEALTHABLE = {"otel-collector"}

REACHED = {
    "gateway": {"nats:4222", "playground:8081"},
    "bot": {"nats:4222", "playground:8081", "redis:6379"},
    "storage": {"nats:4222", "postgres:5432"},
    "query": {"nats:4222", "postgres:5432"},
    "notifier": {"nats:4222", "playground:8081", "redis:6379"},
    "files": {"nats:4222", "playground:8081", "redis:6379", "s3:8333"},
    "playground": {"nats:4222", "nginx:8080"},
}
"""Which of all addresses each service gets through to; one that is its own is not tried."""
PLACES = sorted({place for places in REACHED.values() for place in places})

_TRY = """
import socket
for place in {places!r}:
    host, port = place.split(":")
    try:
        socket.create_connection((host, int(port)), 3).close()
        print(place)
    except OSError:
        pass
"""


async def test_all_is_healthy_and_one_shots_ended_well(installation: Installation) -> None:
    found = await installation.containers()
    assert set(found) == ONE_SHOTS | SERVICES | SERVERS | UNHEALTHABLE
    for name, each in found.items():
        state = each["State"]
        if name in ONE_SHOTS:
            assert (state["Status"], state["ExitCode"]) == ("exited", 0), name
        else:
            assert state["Running"], name
            assert name in UNHEALTHABLE or state["Health"]["Status"] == "healthy", name


async def test_nobody_is_root_or_may_change_a_file_of_the_image(
    installation: Installation,
) -> None:
    found = await installation.containers()
    for name, each in found.items():
        host = each["HostConfig"]
        assert host["CapDrop"] == ["ALL"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"], name
        assert host["PidsLimit"], name
        assert host["ReadonlyRootfs"] == (name != "secrets"), name
        assert not host["Privileged"], name
        ports = [at["HostIp"] for taken in (host["PortBindings"] or {}).values() for at in taken]
        assert set(ports) <= {"127.0.0.1"}, name
    for name in set(found) - ONE_SHOTS:
        user, capabilities = await asyncio.gather(
            installation.execute(name, "id", "-u"),
            installation.execute(name, "grep", "CapEff", "/proc/1/status"),
        )
        assert int(user) > 0, name
        assert int(capabilities.split()[1], 16) == 0, name
        with pytest.raises(AssertionError, match=r"Read-only file system"):
            await installation.execute(name, "touch", "/usr/here")


@pytest.mark.parametrize("service", REACHED)
async def test_a_service_reaches_what_it_needs_and_nothing_else(
    installation: Installation, service: str
) -> None:
    tried = [place for place in PLACES if not place.startswith(f"{service}:")]
    reached = await installation.python(service, _TRY.format(places=tried))
    assert set(reached.split()) == REACHED[service]


async def test_storage_has_no_way_out(installation: Installation) -> None:
    way = await installation.execute("storage", "cat", "/proc/net/route")
    destinations = [line.split()[1] for line in way.splitlines()[1:]]
    assert "00000000" not in destinations, "a default route leads out"


async def test_a_service_holds_its_own_secrets_only(installation: Installation) -> None:
    for service in SERVICES - {"playground"}:
        held = (await installation.execute(service, "ls", "/run/secrets")).split()
        seeds = [name for name in held if name.startswith("NATS_SEED")]
        assert seeds == [f"NATS_SEED_{service.upper()}"]
        assert ("S3_SECRET_KEY" in held) == (service == "files")
        assert ("LINK_SECRET" in held) == (service in {"query", "files"})
        assert [name for name in held if "DATABASE" in name] == {
            "storage": ["DATABASE_URL"],
            "query": ["QUERY_DATABASE_URL"],
        }.get(service, [])
