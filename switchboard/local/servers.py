"""The three servers of a local run, on real data in one directory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import asyncpg
import psutil

from bus.users import USERS
from database.roles import LocaleError, create_roles
from services.discovery import bot_apps
from switchboard.errors import Trouble
from switchboard.keys import seed_variable
from switchboard.local.environment import OUTSIDE, local_environment, write_environment
from switchboard.local.lock import Lock, hold_lock
from switchboard.local.nats import nats_program
from switchboard.local.ports import Ports
from switchboard.local.postgres import postgres_program, superuser_url
from switchboard.local.private_files import write_private
from switchboard.local.processes import Processes
from switchboard.local.redis import redis_program
from switchboard.local.secrets_file import load_secrets
from switchboard.local.server import Program, Server
from switchboard.local.setup import Setup
from switchboard.nats_context import NAME as CONTEXT
from switchboard.nats_context import write_context

_PROGRAMS: Mapping[str, Callable[[Setup], Awaitable[Program]]] = {
    "nats": nats_program,
    "postgres": postgres_program,
    "redis": redis_program,
}
_PORT_ATTEMPTS = 3
_WATCH_EVERY = 1.0
_NOTHING: Mapping[str, str] = MappingProxyType({})


class LocalServers:
    """Running servers by name: `nats`, `postgres`, `redis`, as far as they are ours."""

    environment: dict[str, str]
    """Settings for the services, as written to the file `env`."""

    def __init__(self, setup: Setup, lock: Lock) -> None:
        self.directory = setup.directory
        self._lock = lock
        self.environment = {}
        self._setup = setup
        self._remembered = Processes(setup.directory / "processes.json")
        self._running: dict[str, Server] = {}

    @property
    def processes(self) -> Mapping[str, psutil.Process]:
        """The running servers' processes by name."""
        return {name: server.process for name, server in self._running.items()}

    async def start(self, name: str) -> None:
        """Starts one server, on its last port if that is free. Raises `Trouble`."""
        for left in reversed(range(_PORT_ATTEMPTS)):
            program = await _PROGRAMS[name](self._setup)
            server = self._spawn(name, program)
            try:
                await self._until_ready(name, server)
            except Trouble:
                if not (left and server.lost_its_port()):
                    raise  # else somebody was faster: other ports
            else:
                break

    def _spawn(self, name: str, program: Program) -> Server:
        server = Server(program, self.directory / "logs" / f"{name}.log")
        self._running[name] = server
        self._remembered.remember(name, server.process, program.stop_signal)
        return server

    async def _until_ready(self, name: str, server: Server) -> None:
        try:
            await server.wait_until_ready()
        except Trouble:
            await self.stop(name)
            raise

    def say_address(self, address: str) -> None:
        """Tells whoever wants to run another one here where this one is served."""
        self._lock.say_address(address)

    @property
    def moved(self) -> Sequence[str]:
        """A sentence a port that was taken."""
        return [
            f"Port {before} of {name} is taken by another program: {name} is at {now} from now on."
            for name, (before, now) in self._setup.ports.moved.items()
        ]

    async def stop(self, name: str) -> None:
        """Stops one server gracefully; its data stays."""
        await self._running.pop(name).stop()
        self._remembered.forget(name)

    async def watch(self) -> NoReturn:
        """Raises `Trouble` when a server ends by itself."""
        while True:
            for server in self._running.values():
                server.check()
            await asyncio.sleep(_WATCH_EVERY)

    async def open(self) -> None:
        """Starts the servers that are not given, with roles, and writes the settings."""
        await self._remembered.end_leftovers()
        ours = [name for variable, name in OUTSIDE.items() if not self._setup.given.get(variable)]
        try:
            async with asyncio.TaskGroup() as starting:
                for name in ours:
                    starting.create_task(self.start(name))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        if "postgres" in self._running:
            await self._create_roles()
        self.environment = local_environment(self._setup)
        write_environment(self.directory / "env", self.environment)
        self._write_context()

    def _write_context(self) -> None:
        seed = self.environment.get(seed_variable("operator"))
        if seed:
            url = self.environment["NATS_URL"]
            write_context(self.directory / "nats-cli", CONTEXT, url, seed)

    async def _create_roles(self) -> None:
        secrets = self._setup.secrets
        url = superuser_url(self._setup.ports.chosen("postgres"), secrets)
        try:
            await create_roles(url, secrets.databases)
        except (LocaleError, asyncpg.PostgresError, OSError) as error:
            raise Trouble(f"PostgreSQL's roles could not be made: {error}") from None

    async def close(self) -> None:
        """Stops all servers at once, within ten seconds."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))


@asynccontextmanager
async def local_servers(
    directory: Path,
    apps: Sequence[str],
    given: Mapping[str, str] = _NOTHING,
    *,
    services_run: bool = False,
) -> AsyncIterator[LocalServers]:
    """Runs the servers for as long as the context is open.

    `directory` is made when missing and holds all data; `given` are settings from outside, which
    win: a server whose address is given is not started. With `services_run` services may listen at
    their ports already, and keep them. Raises `Trouble`.
    """
    with hold_lock(directory) as lock:
        setup = _set_up(directory, apps, given)
        servers = LocalServers(replace(setup, services_run=services_run), lock)
        try:
            await servers.open()
            yield servers
        finally:
            await servers.close()


def _set_up(directory: Path, apps: Sequence[str], given: Mapping[str, str]) -> Setup:
    directory = directory.absolute()  # programs are started with it, wherever they run
    (directory / "logs").mkdir(exist_ok=True)
    secrets = load_secrets(
        directory / "secrets.json",
        users=list(USERS),
        apps=[app for app in apps if app in bot_apps()],
    )
    write_private(directory / "operator.nk", secrets.nats["operator"] + "\n")
    ports = Ports(directory / "ports.json")
    return Setup(directory=directory, apps=apps, given=given, ports=ports, secrets=secrets)
