"""Servers to measure on: NATS with the users of the project, and RabbitMQ where it is installed."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from benchmarks.harness.description import NotHere, Opening, Place
from benchmarks.messages import CONSUMERS
from bus.provision import provision
from bus.server_config import ServerPlace, nats_config
from bus.users import USERS
from services.discovery import all_apps, consumers
from switchboard.keys import seed_variable
from switchboard.local.nats import nats_command
from switchboard.local.ports import HOST, Ports
from switchboard.local.private_files import write_private
from switchboard.local.secrets_file import load_secrets
from switchboard.local.server import Program, Server

ALWAYS, NOW_AND_THEN = "always", "2m"
"""How often nats-server has its files written to the disk: as shipped, and its own default."""
RABBIT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""The program itself: the one on PATH would become another user, who may not read here."""
AMQP, PORT = "AMQP_URL", "HTTP_PORT"
EPMD_WITHIN = 5.0


def nats(sync_interval: str) -> Opening:
    """Return what starts a server with all users, streams and consumers, and those of benchmarks.

    Settings are named as services have them: NATS_URL and NATS_SEED_<USER>.
    """

    @asynccontextmanager
    async def opening(directory: Path) -> AsyncIterator[Place]:
        ports = Ports(directory / "ports.json")
        port, known = ports.get("nats"), [*consumers(), *CONSUMERS]
        seeds = load_secrets(directory / "secrets.json", users=list(USERS), apps=all_apps())
        store = directory / "streams"
        store.mkdir()
        there = ServerPlace(store_dir=str(store), listen=f"{HOST}:{port}")
        config = nats_config(seeds.public_keys(), known, there)
        file = directory / "nats.conf"
        write_private(file, config.replace(f'"{ALWAYS}"', f'"{sync_interval}"'))
        async with _running("nats-server", nats_command(file), port, directory) as number:
            url = f"nats://{HOST}:{port}"
            await provision(url, SecretStr(seeds.nats["operator"]), known)
            settings = {seed_variable(user): seed for user, seed in seeds.nats.items()}
            yield Place({"NATS_URL": url, **settings}, {"broker": number})

    return opening


@asynccontextmanager
async def rabbitmq(directory: Path) -> AsyncIterator[Place]:
    """Start RabbitMQ of Debian's package, with its defaults, on ports of its own."""
    if not await asyncio.to_thread(RABBIT.exists):
        raise NotHere("rabbitmq-server is not installed")
    ports = Ports(directory / "ports.json")
    port, names, nodes = ports.get("amqp"), ports.get("epmd"), ports.get("nodes")
    said = directory / "rabbitmq.conf"
    write_private(said, f"listeners.tcp.1 = {HOST}:{port}\nlog.console = true\n")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"bench{port}@localhost",
        "RABBITMQ_DIST_PORT": str(nodes),
        "RABBITMQ_CONFIG_FILE": str(said),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(directory),
        "RABBITMQ_LOG_BASE": str(directory),
    }
    given = [f"{name}={value}" for name, value in environment.items()]
    command = ["/usr/bin/env", "-i", *given, str(RABBIT)]
    try:
        async with _running("rabbitmq-server", command, port, directory) as number:
            yield Place({AMQP: f"amqp://guest:guest@{HOST}:{port}/"}, {"broker": number})
    finally:
        await _end_names(names)


async def _end_names(port: int) -> None:
    """End the daemon of names that Erlang starts, and leaves behind."""
    program = shutil.which("epmd")
    if program:
        ending = await asyncio.create_subprocess_exec(
            *(program, "-port", str(port), "-kill"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), EPMD_WITHIN)


@asynccontextmanager
async def _running(name: str, command: list[str], port: int, directory: Path) -> AsyncIterator[int]:
    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            return False
        writer.close()
        return True

    program = Program(name=name, command=command, ports=[port], is_ready=listens, stop_seconds=10)
    server = Server(program, directory / f"{name}.log")
    try:
        await server.wait_until_ready()
        yield server.process.pid
    finally:
        await server.stop()


@asynccontextmanager
async def http(directory: Path) -> AsyncIterator[Place]:
    """Choose a port for a server of HTTP, which needs no other."""
    yield Place({PORT: str(Ports(directory / "ports.json").get("http"))}, {})


AS_SHIPPED, DEFAULT_SYNC, HTTP, RABBITMQ = "nats", "nats, default sync", "http", "rabbitmq"
PLACES: dict[str, Opening] = {
    AS_SHIPPED: nats(ALWAYS),
    DEFAULT_SYNC: nats(NOW_AND_THEN),
    HTTP: http,
    RABBITMQ: rabbitmq,
}
"""By the names that variants have for them."""
