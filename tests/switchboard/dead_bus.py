"""A provisioned NATS server alone, and `switchboard dead` run against it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bus.connection import Link, connect
from bus.provision import provision
from services.discovery import all_apps, consumers
from switchboard.local.environment import read_environment
from switchboard.local.servers import local_servers
from tests.switchboard.command import Said, run
from tests.switchboard.outside import ONLY_NATS

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PRIVATE = "Паспорт Анны"
COMMAND = "command.documents.add_type"
UPDATE = "update.3.documents.1001"
EVENT = "event.people.settings_changed"


class DeadBus:
    """A bus, and the command run against it as against a local run."""

    def __init__(self, directory: Path, link: Link) -> None:
        self.directory, self.link = directory, link

    def url(self) -> str:
        """Return where NATS is."""
        return read_environment(self.directory / "env")["NATS_URL"]

    async def bury(self, subject: str = COMMAND, body: bytes = b"", **headers: str) -> int:
        """Put a letter into DEAD and return its number."""
        made = {
            "Message-Id": "documents-8-1",
            "Actor": "1001@documents",
            "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
            "Dead-Reason": "KeyError: %27name%27",
            "Dead-Attempts": "4",
            "Dead-At": "documents.py:17",
        }
        written = {name.replace("_", "-"): value for name, value in headers.items()}
        body = body or json.dumps({"type": "AddType", "name": PRIVATE}).encode()
        ack = await self.link.jetstream.publish(f"dead.{subject}", body, headers=made | written)
        return ack.seq

    async def dead(self, *arguments: str, typed: str = "") -> Said:
        """Run a subcommand."""
        return await run("dead", *arguments, "--directory", str(self.directory), typed=typed)

    async def listed(self, *arguments: str) -> list[dict[str, Any]]:
        """Return what `list --json` says."""
        said = await self.dead("list", "--json", *arguments)
        assert said.status == 0, said.errors
        return [json.loads(line) for line in said.output.splitlines()]

    async def count(self, stream: str) -> int:
        """Return how many messages a stream holds."""
        return (await self.link.jetstream.stream_info(stream)).state.messages


@asynccontextmanager
async def provisioned_bus(directory: Path) -> AsyncIterator[Link]:
    """Yield the operator's connection."""
    async with local_servers(directory, all_apps(), ONLY_NATS) as servers:
        url, seed = _operator(servers.environment)
        await provision(url, seed, consumers())
        async with connect(url, "operator", seed) as link:
            yield link


def _operator(environment: Mapping[str, str]) -> tuple[str, SecretStr]:
    return environment["NATS_URL"], SecretStr(environment["NATS_SEED_OPERATOR"])
