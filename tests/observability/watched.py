"""An installation watched by a real Prometheus, whose alerts a real Alertmanager delivers."""

import asyncio
import json
import shutil
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from switchboard.local.ports import free_port
from tests.bus.waiting import eventually
from tests.observability.tools import program
from tests.sources import ROOT

CONFIGURATION = ROOT / "observability"
QUICKLY = "1s"
"""In the place of what Prometheus and Alertmanager wait between rounds."""


@dataclass
class Watcher:
    """Prometheus, at `url`, and what Alertmanager has delivered."""

    http: aiohttp.ClientSession
    url: str
    delivered: "asyncio.Queue[dict[str, Any]]"

    async def ask(self, path: str, **parameters: str) -> Any:
        """Return the data of an answer of Prometheus' API, which takes no question of ours ill."""
        async with self.http.get(f"{self.url}/api/v1/{path}", params=parameters) as response:
            answer = await response.json()
        assert answer["status"] == "success", (parameters, answer)
        return answer["data"]

    async def labels(self, metric: str) -> set[str]:
        """Return the labels of a metric's series, nothing where there are no series."""
        series = await self.ask("series", **{"match[]": metric})
        return set().union(*series) if series else set()

    async def exemplars(self, metric: str) -> list[dict[str, Any]]:
        """Return the exemplars of a metric since a while ago, by series."""
        now = time.time()
        found: list[dict[str, Any]] = await self.ask(
            "query_exemplars", query=metric, start=str(now - 600), end=str(now + 10)
        )
        return found


@dataclass
class _Receiver:
    """Where Alertmanager delivers."""

    delivered: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        """Remember one delivery."""
        self.delivered.put_nowait(await request.json())
        return web.Response()


@asynccontextmanager
async def watched(directory: Path, targets: Mapping[str, str]) -> AsyncIterator[Watcher]:
    """Watch targets by the names of their jobs, with our own configuration but for addresses."""
    alertmanager, prometheus = (f"127.0.0.1:{free_port()}" for _ in range(2))
    async with (
        _receiving() as receiver,
        aiohttp.ClientSession() as http,
        _running(*_alertmanager(directory, alertmanager, receiver.url)),
        _running(*_prometheus(directory, prometheus, {**targets, "alertmanager": alertmanager})),
    ):
        for address in (alertmanager, prometheus):
            await eventually(partial(_is_ready, http, address))
        yield Watcher(http, f"http://{prometheus}", receiver.delivered)


def prometheus_settings(targets: Mapping[str, str]) -> dict[str, Any]:
    """Return our configuration of Prometheus with other addresses, and in a hurry."""
    settings: dict[str, Any] = _read("prometheus/prometheus.yml")
    settings["global"] = {"scrape_interval": QUICKLY, "evaluation_interval": QUICKLY}
    settings["alerting"]["alertmanagers"] = [_static(targets["alertmanager"])]
    settings["scrape_configs"] = [
        {**job, "static_configs": [_static(targets[job["job_name"]])["static_configs"][0]]}
        for job in settings["scrape_configs"]
        if job["job_name"] in targets
    ]
    return settings


def alertmanager_settings(url: str) -> dict[str, Any]:
    """Return our configuration of Alertmanager that calls `url`, and in a hurry."""
    settings: dict[str, Any] = _read("alertmanager/webhook.yml")
    settings["route"] |= {"group_wait": QUICKLY, "group_interval": QUICKLY}
    (receiver,) = settings["receivers"]
    (webhook,) = receiver["webhook_configs"]
    # Debian's Alertmanager is older than addresses in files.
    assert webhook.pop("url_file") == "/run/secrets/alert_webhook_url"
    webhook["url"] = url
    return settings


def _read(name: str) -> Any:
    return yaml.safe_load((CONFIGURATION / name).read_text("utf-8"))


def _static(address: str) -> dict[str, Any]:
    return {"static_configs": [{"targets": [address]}]}


def _prometheus(directory: Path, address: str, targets: Mapping[str, str]) -> list[str]:
    shutil.copytree(CONFIGURATION / "prometheus" / "rules", directory / "rules")
    file = directory / "prometheus.yml"
    file.write_text(json.dumps(prometheus_settings(targets)))
    return [
        program("prometheus"),
        f"--config.file={file}",
        f"--storage.tsdb.path={directory / 'prometheus'}",
        f"--web.listen-address={address}",
        "--enable-feature=exemplar-storage",
    ]


def _alertmanager(directory: Path, address: str, url: str) -> list[str]:
    file = directory / "alertmanager.yml"
    file.write_text(json.dumps(alertmanager_settings(url)))
    return [
        program("prometheus-alertmanager"),
        f"--config.file={file}",
        f"--storage.path={directory / 'alertmanager'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]


@asynccontextmanager
async def _running(*command: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()  # nothing of it is kept
        await process.wait()


@asynccontextmanager
async def _receiving() -> AsyncIterator[_Receiver]:
    receiver = _Receiver()
    application = web.Application()
    application.router.add_post("/", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def _is_ready(http: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with http.get(f"http://{address}/-/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
