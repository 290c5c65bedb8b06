"""Servers and services of one run: real ones, each service behind doors of its own."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import asyncpg
from nats.js import JetStreamContext
from pydantic import SecretStr
from sqlalchemy import make_url

from bus.connection import connect
from bus.provision import provision
from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps, consumers
from switchboard.local.ports import is_free
from switchboard.local.servers import LocalServers, local_servers
from tests.faults.copies import Copy
from tests.faults.proxy import Proxy

SERVERS = ("nats", "postgres", "redis")
TELEGRAM = "telegram"
DEPENDENCIES = (*SERVERS, TELEGRAM)
PORT_NAMES = {TELEGRAM: "playground"}
REACHES: Mapping[str, tuple[str, ...]] = {
    "gateway": ("nats", TELEGRAM),
    "bot": ("nats", "redis", TELEGRAM),
    "storage": ("nats", "postgres"),
    "query": ("nats", "postgres"),
    "notifier": ("nats", "redis", TELEGRAM),
    "files": ("nats", "redis", TELEGRAM),
}
DATABASE_AWAY = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # its connection broke in the middle of a question
    OSError,
    TimeoutError,
)
"""What asking the database raises while it is hurt."""
FEW = dict.fromkeys(REACHES, 1)
SEVERAL = {**FEW, "bot": 2, "storage": 2, "query": 2, "notifier": 2}


class Gate:
    """What people do passes only while it is open; closed, nothing is on its way any more.

    A person's own act must not be one of unknown fate: the harness has to know what was done.
    """

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._inside = 0

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Do something to the Bot API server in a person's name."""
        await self._open.wait()
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Let nobody in, once everybody is out."""
        self._open.clear()
        try:
            await self._empty.wait()
            yield
        finally:
            self._open.set()


@dataclass(eq=False)
class Installation:
    """What runs, by name: servers, copies of services, and the doors between them."""

    servers: LocalServers
    copies: dict[str, Copy] = field(default_factory=dict)
    doors: dict[tuple[str, str], Proxy] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)

    @property
    def directory(self) -> Path:
        """All data and all logs."""
        return self.servers.directory

    @property
    def telegram_url(self) -> str:
        """The Bot API server, reached directly."""
        return f"http://127.0.0.1:{self.port(TELEGRAM)}"

    def port(self, dependency: str) -> int:
        """Where a dependency listens now."""
        ports = json.loads((self.directory / "ports.json").read_text("utf-8"))
        return int(ports[PORT_NAMES.get(dependency, dependency)])

    def copies_of(self, service: str) -> list[Copy]:
        """Return all copies of a service."""
        return [copy for copy in self.copies.values() if copy.service == service]

    async def add(self, service: str, number: int) -> Copy:
        """Make a copy of a service, with doors of its own; it is not started yet."""
        name = f"{service}-{number}"
        environment = dict(self.servers.environment)
        for variable in [each for each in environment if each.startswith("OTEL_")]:
            del environment[variable]
        environment |= {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "HEALTH_PORT": "0"}
        environment["FLOOD_BURST"] = "100000"  # its people are faster than any
        for dependency in REACHES.get(service, ()):
            door = Proxy(partial(self.port, dependency))
            await door.open()
            self.doors[name, dependency] = door
            own = re.compile(rf"(?<=[@/]127\.0\.0\.1:){self.port(dependency)}\b")
            environment = {
                variable: own.sub(str(door.port), value) for variable, value in environment.items()
            }
        log = self.directory / "logs" / f"{name}.log"
        copy = self.copies[name] = Copy(name, service, environment, log)
        return copy

    @asynccontextmanager
    async def operator(self) -> AsyncIterator[JetStreamContext]:
        """Look at the bus, and touch it, as somebody who may do everything."""
        environment = self.servers.environment
        seed = SecretStr(environment["NATS_SEED_OPERATOR"])
        async with asyncio.timeout(60), connect(environment["NATS_URL"], "operator", seed) as link:
            yield link.jetstream

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """Look at the tables, as their owner."""
        url = make_url(self.servers.environment["MIGRATION_DATABASE_URL"])
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain, timeout=60, command_timeout=60)
        try:
            yield connection
        finally:
            await connection.close(timeout=30)

    async def until_ready(self) -> None:
        """Wait until every copy works."""
        await asyncio.gather(*(copy.until_ready() for copy in self.copies.values()))

    async def restart_server(self, name: str) -> None:
        """Start a server that was killed; its old parts may be in the way for a while."""
        log = self.directory / "logs" / f"{name}.log"
        if log.exists():
            with (log.parent / f"{name}.before.log").open("ab") as kept:
                kept.write(log.read_bytes())
        for attempt in range(40):
            if is_free(self.port(name)):
                try:
                    return await self.servers.start(name)
                except Exception:
                    if attempt == 39:
                        raise
            await asyncio.sleep(0.5)
        raise TimeoutError(f"the port of {name} does not become free")


@asynccontextmanager
async def installed(directory: Path, copies: Mapping[str, int]) -> AsyncIterator[Installation]:
    """Run servers and so many copies of each service, ready to be hurt."""
    async with local_servers(directory, all_apps()) as servers:
        await asyncio.to_thread(upgrade, migration_url(servers.environment))
        seed = SecretStr(servers.environment["NATS_SEED_OPERATOR"])
        await provision(servers.environment["NATS_URL"], seed, consumers())
        installation = Installation(servers)
        try:
            (await installation.add("playground", 1)).start()
            await installation.until_ready()
            for service, count in copies.items():
                for number in range(1, count + 1):
                    (await installation.add(service, number)).start()
            await installation.until_ready()
            yield installation
        finally:
            await close(installation)


async def close(installation: Installation) -> None:
    """Stop all copies, the Bot API server last: it is the others' Telegram."""
    for door in installation.doors.values():
        door.heal()
    first = [copy for copy in installation.copies.values() if copy.service != "playground"]
    await asyncio.gather(*(copy.close() for copy in first))
    for copy in installation.copies_of("playground"):
        await copy.close()
    for door in installation.doors.values():
        await door.close()
