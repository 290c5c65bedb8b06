"""Brings about whatever may tempt a program to quote a secret: failures, refusals, wrong starts."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import asyncpg
from pydantic import SecretStr

from bus.connection import connect
from switchboard.local.servers import LocalServers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.processes.processes import Services
from tests.switchboard.command import run
from tests.switchboard.probes import plain_url

Said = list[tuple[str, str | bytes]]

PLAYGROUND, EDGE, CORE = "playground", "gateway bot notifier", "storage query files"
"""Three processes: many more at once would only wait for each other."""
TELEGRAM_FAULTS = (
    {"method": "sendMessage", "code": 401},
    {"method": "sendMessage", "code": 500, "times": 3},
    {"method": "sendMessage", "code": 429, "retry_after": 1},
    {"method": "sendMessage", "disconnect": True},
    {"method": "getFile", "code": 400, "description": "Bad Request: wrong file_id"},
)
POISON = (
    ("command.documents.add_document", b"\xff\xfe no JSON"),
    ("command.documents.add_document", b'{"type":"AddDocument"}'),
    ("command.files.keep_upload", b"[]"),
    ("update.documents.1", b"no update"),
    ("event.files.upload_kept", b"{}"),
    ("notice.answer.documents.1", b"{}"),
)
HEALTH = ("/healthz", "/readyz", "/metrics", "/nothing")
WRONG: Mapping[str, Mapping[str, str]] = {
    "query": {"QUERY_DATABASE_URL": "postgresql://query:{secret}@127.0.0.1:{postgres}/switchboard"},
    "notifier": {"NOTIFIER_REDIS_URL": "redis://notifier:{secret}@127.0.0.1:{redis}/0"},
    "bot": {"BOT_REDIS_URL": "redis://bot:{secret}@[127.0.0.1:port"},
    "storage": {"DATABASE_URL": "mysql://storage:{secret}@127.0.0.1/switchboard"},
    "gateway": {"WEBHOOK_SECRET": "{secret}!"},
    "files": {"BOT_TOKENS": '{{"documents": "{secret}"}}'},
    "playground": {"BOT_TOKENS": "{secret}"},
}
"""A wrong setting of each service: mistyped passwords, too, must not be told."""
COMMANDS = (
    ("provision",),
    ("migrate",),
    ("dead", "list"),
    ("redis-acl",),
)


async def looking_from_outside(services: Services, address: str) -> Said:
    """Ask everything that listens, also for what is not there; `address` is a link."""
    gateway = services.environment["WEBHOOK_URL"]
    addresses = [address, f"{address[:-4]}AAAA", f"{gateway}/telegram/documents"]
    addresses += [gateway, services.environment["PUBLIC_URL"]]
    for name in services.said:
        addresses += [f"{await services.health(name)}{path}" for path in HEALTH]
    said: Said = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as http:
        for url in addresses:
            for method in ("GET", "POST"):
                async with http.request(method, url) as response:
                    headers = json.dumps(dict(response.headers))
                    said.append((f"{method} {url}", headers.encode() + await response.read()))
    return said


async def failing_telegram(person: Chat, services: Services) -> None:
    """Have Telegram refuse, break and delay calls whose addresses hold the token."""
    for fault in TELEGRAM_FAULTS:
        async with person.http.post("/sim/faults", json=fault) as response:
            assert response.status == 201, await response.text()
        await person.says("/start")
    async with person.http.delete("/sim/faults") as response:
        assert response.status == 200, await response.text()
    await services.kill(PLAYGROUND)
    await services.start(PLAYGROUND)
    await person.says("/start")
    await person.sees_new("Add document")


async def poison(environment: Mapping[str, str]) -> None:
    """Send what nobody can handle."""
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        before = (await link.jetstream.stream_info("DEAD")).state.messages
        for number, (subject, body) in enumerate(POISON):
            headers = {"Message-Id": f"poison-{number}", "Actor": "1@documents"}
            await link.client.publish(subject, body, headers=headers)

        async def has_grown() -> bool:
            return (await link.jetstream.stream_info("DEAD")).state.messages >= before + 2

        await eventually(has_grown, within=120)


async def provoked_bug(person: Chat, services: Services) -> None:
    """Let storage and query find another table than they know; the person is about to save."""
    async with _as_migrator(services.environment) as database:
        await database.execute("ALTER TABLE documents RENAME TO elsewhere")
        try:
            await person.presses("Save")
            await services.says(CORE, "message.dead")
            await person.says("/documents")
            await services.says(CORE, "query.failed")
        finally:
            await database.execute("ALTER TABLE elsewhere RENAME TO documents")


@asynccontextmanager
async def _as_migrator(environment: Mapping[str, str]) -> AsyncIterator[asyncpg.Connection]:
    database = await asyncpg.connect(plain_url(environment["MIGRATION_DATABASE_URL"]))
    try:
        yield database
    finally:
        await database.close()


async def failing_dependencies(person: Chat, servers: LocalServers, services: Services) -> None:
    """Stop each server under the services, have something to do, and start it again."""
    for name in ("redis", "postgres", "nats"):
        await servers.stop(name)
        await person.says("/documents")
        await servers.start(name)
    await person.says("/start")
    await person.sees_new("Add document")


async def wrong_starts(environment: Mapping[str, str]) -> tuple[dict[str, str], Said]:
    """Start each service with a mistake; returns the mistaken secrets, and what was said."""
    mistaken, said = {}, []
    ports = {
        "postgres": environment["DATABASE_URL"].rpartition(":")[2].partition("/")[0],
        "redis": environment["REDIS_URL"].rpartition(":")[2].partition("/")[0],
    }
    services = Services({})
    for name, settings in WRONG.items():
        secret = mistaken[f"mistaken by {name}"] = f"a-mistaken-secret-of-{name}-0123456789"
        wrong = {n: value.format(secret=secret, **ports) for n, value in settings.items()}
        services.environment = {**environment, **wrong, "HEALTH_PORT": "0"}
        await services.spawn(name)
    waiting = ("query", "notifier")
    for name in waiting:  # a password that is refused may be right later on
        await services.says(name, "dependency.awaited")
        await services.stop(name)
    for name in set(WRONG) - set(waiting):
        assert await services.ends(name) == 1, services.said[name]
    said += [(f"{name}, mistaken, says", "".join(lines)) for name, lines in services.said.items()]
    return mistaken, [*said, *await _commands(environment, mistaken)]


async def _commands(environment: Mapping[str, str], mistaken: dict[str, str]) -> Said:
    database = environment["DATABASE_URL"].rpartition("@")[2]
    secret = mistaken["mistaken at a terminal"] = "a-mistaken-secret-at-a-terminal-0123456789"
    wrong = {
        "MIGRATION_DATABASE_URL": f"postgresql://migrator:{secret}@{database}",
        "NATS_SEED_OPERATOR": secret,
        "REDIS_URL": f"redis://bot:{secret}@127.0.0.1",
    }
    said: Said = []
    for settings in (environment, {**environment, **wrong}):
        for command in COMMANDS:
            done = await run(*command, **settings)
            said.append((f"switchboard {' '.join(command)}", done.output + done.errors))
    return said
