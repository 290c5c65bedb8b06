"""What came up from nothing is healthy, and each container can do no more than it has to."""

import asyncio

from tests.compose.installation import Installation

ONE_SHOTS = {"secrets", "migrate", "provision"}
SERVICES = {"gateway", "bot", "storage", "query", "notifier", "files", "playground"}
SERVERS = {"nats", "postgres", "redis", "s3", "nginx", "prometheus", "alertmanager"}
UNHEALTHABLE = {"otel-collector"}

REACHED = {
    "gateway": {"nats:4222", "playground:8081", "nginx:8080"},
    "bot": {"nats:4222", "playground:8081", "redis:6379"},
    "storage": {"nats:4222", "postgres:5432", "playground:8081"},
    "query": {"nats:4222", "postgres:5432", "playground:8081"},
    "notifier": {"nats:4222", "playground:8081", "redis:6379"},
    "files": {"nats:4222", "playground:8081", "nginx:8080", "redis:6379", "s3:8333"},
    "playground": {"nats:4222", "nginx:8080"},
}
"""Which of all addresses each service gets through to; one that is its own is not tried.

All users of NATS share a network with it, and so the playground's port.
"""
PLACES = sorted({place for places in REACHED.values() for place in places})

OUTSIDE = "deb.debian.org:80"
"""From where the stand-ins' packages have come."""

_LOOK = "id -u; grep CapEff /proc/1/status; touch /usr/here 2>&1 || true"

_TRY = """
import socket
from concurrent.futures import ThreadPoolExecutor

def reached(place):
    host, port = place.split(":")
    try:
        socket.create_connection((host, int(port)), 5).close()
    except OSError:
        return False
    return True

places = {places!r}
with ThreadPoolExecutor() as trying:
    print(*(place for place, yes in zip(places, trying.map(reached, places)) if yes))
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
    running = sorted(set(found) - ONE_SHOTS)
    looked = await asyncio.gather(
        *(installation.execute(name, "sh", "-c", _LOOK) for name in running)
    )
    for name, said in zip(running, looked, strict=True):
        user, capabilities, written = said.split("\n", 2)
        assert int(user) > 0, name
        assert int(capabilities.split()[1], 16) == 0, name
        assert "Read-only file system" in written, name


async def test_a_service_reaches_what_it_needs_and_nothing_else(
    installation: Installation,
) -> None:
    async def reached(service: str) -> set[str]:
        tried = [place for place in PLACES if not place.startswith(f"{service}:")]
        return set((await installation.python(service, _TRY.format(places=tried))).split())

    found = await asyncio.gather(*(reached(service) for service in REACHED))
    assert dict(zip(REACHED, found, strict=True)) == REACHED


async def test_who_has_nothing_to_do_outside_has_no_way_there(installation: Installation) -> None:
    program = _TRY.format(places=[OUTSIDE])
    bot, storage, query = await asyncio.gather(
        *(installation.python(service, program) for service in ("bot", "storage", "query"))
    )
    assert (bot.split(), storage.split(), query.split()) == ([OUTSIDE], [], [])


async def test_a_service_holds_its_own_secrets_only(installation: Installation) -> None:
    services = sorted(SERVICES - {"playground"})
    shown = await asyncio.gather(
        *(installation.execute(service, "ls", "/run/secrets") for service in services)
    )
    for service, said in zip(services, shown, strict=True):
        held = said.split()
        seeds = [name for name in held if name.startswith("NATS_SEED")]
        assert seeds == [f"NATS_SEED_{service.upper()}"]
        assert ("S3_SECRET_KEY" in held) == (service == "files")
        assert ("LINK_SECRET" in held) == (service in {"query", "files"})
        assert [name for name in held if "DATABASE" in name] == {
            "storage": ["DATABASE_URL"],
            "query": ["QUERY_DATABASE_URL"],
        }.get(service, [])
