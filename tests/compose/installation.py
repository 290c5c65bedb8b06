"""An installation in containers, as docker-compose.yml describes it, asked by its own commands."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp.test_utils import unused_port

from tests.compose.engine import NOTHING, Engine
from tests.sources import ROOT

PROJECT = "switchboard-test"
OVERRIDE = Path(__file__).with_name("docker-compose.override.yml")
RECEIVER = Path(__file__).with_name("receiver.py")
HEALTHY_WITHIN = 600.0
PORTS = ("PLAYGROUND", "NGINX", "PROMETHEUS", "ALERTMANAGER")


@dataclass(frozen=True, slots=True)
class Installation:
    """The containers of one project; `ports` are those published on loopback, by name."""

    engine: Engine
    ports: Mapping[str, int] = field(
        default_factory=lambda: {name: unused_port() for name in PORTS}
    )

    @property
    def playground(self) -> str:
        """The address of the local Telegram."""
        return f"http://127.0.0.1:{self.ports['PLAYGROUND']}"

    @property
    def nginx(self) -> str:
        """The address that people reach."""
        return f"http://127.0.0.1:{self.ports['NGINX']}"

    @property
    def prometheus(self) -> str:
        """The address of Prometheus."""
        return f"http://127.0.0.1:{self.ports['PROMETHEUS']}"

    async def compose(
        self, *command: str, within: float = HEALTHY_WITHIN, given: Mapping[str, str] = NOTHING
    ) -> str:
        """Run `docker compose ...`; what is `given` are environment variables."""
        files = ("-f", str(ROOT / "docker-compose.yml"), "-f", str(OVERRIDE))
        return await self.engine.run(
            "compose", "-p", PROJECT, *files, *command, within=within, given=self._variables(given)
        )

    async def up(self, *services: str, given: Mapping[str, str] = NOTHING) -> None:
        """Start what does not run, or only these services, and wait until all is healthy."""
        alone = ["--no-deps", *services] if services else []
        await self.compose("up", "-d", "--wait", "--no-build", *alone, given=given)

    async def execute(self, service: str, *command: str) -> str:
        """Run a command in a service's container."""
        return await self.compose("exec", "-T", service, *command)

    async def python(self, service: str, program: str) -> str:
        """Run a few lines of Python in a container of our image."""
        return await self.execute(service, "python", "-c", program)

    async def containers(self) -> dict[str, dict[str, Any]]:
        """Return what `docker inspect` says of each service's container."""
        names = (await self.compose("ps", "-aq")).split()
        found: list[dict[str, Any]] = json.loads(await self.engine.run("inspect", *names))
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in found}

    async def kill(self, service: str) -> None:
        """Let a container's first process die as in a crash, and wait until it is started again."""
        before = (await self.containers())[service]
        os.kill(before["State"]["Pid"], signal.SIGKILL)
        async with asyncio.timeout(HEALTHY_WITHIN):
            while True:
                now = (await self.containers())[service]
                if now["RestartCount"] > before["RestartCount"] and now["State"]["Running"]:
                    return
                await asyncio.sleep(0.1)  # the engine tells of it to nobody

    async def healthy(self, service: str) -> None:
        """Wait until a container says that it is healthy."""
        async with asyncio.timeout(HEALTHY_WITHIN):
            while True:
                state = (await self.containers())[service]["State"]
                if state.get("Health", {}).get("Status") == "healthy":
                    return
                await asyncio.sleep(0.2)

    def _variables(self, given: Mapping[str, str]) -> dict[str, str]:
        return {
            "RECEIVER": str(RECEIVER),
            # Nobody in a test takes time to read.
            "FLOOD_BURST": "100000",
            "CHAT_BURST": "1000",
            **{f"{name}_PORT": str(port) for name, port in self.ports.items()},
            **given,
        }
