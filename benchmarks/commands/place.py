"""All servers of an installation, with NATS writing to the disk as often as a row says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.collector import collecting
from benchmarks.harness.description import Opening, Place
from benchmarks.installation import settings_of
from benchmarks.places import ALWAYS, NOW_AND_THEN, PORT, nats
from migrations.upgrade import migration_url, upgrade
from services.discovery import all_apps
from switchboard.local.ports import Ports
from switchboard.local.servers import local_servers

COLLECTOR = "COLLECTOR_URL"
SHIPPED, DEFAULT_SYNC = "as shipped", "default sync"


def installation(sync_interval: str) -> Opening:
    """Return what starts NATS, PostgreSQL as shipped and a collector; a port is left for HTTP."""

    @asynccontextmanager
    async def opening(directory: Path) -> AsyncIterator[Place]:
        place = directory / f"sync-{sync_interval}"
        place.mkdir()
        async with (
            nats(sync_interval)(place) as bus,
            local_servers(place / "local", all_apps(), bus.settings) as servers,
            collecting(place) as collector,
        ):
            settings = settings_of(servers)
            await asyncio.to_thread(upgrade, migration_url(settings))
            port = str(Ports(place / "http-ports.json").get("http"))
            yield Place(
                {**settings, COLLECTOR: collector, PORT: port},
                {**bus.processes, "database": servers.processes["postgres"].pid},
            )

    return opening


PLACES = {SHIPPED: installation(ALWAYS), DEFAULT_SYNC: installation(NOW_AND_THEN)}
