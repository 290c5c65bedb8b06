"""This project's documents bot: all services as processes of their own, telemetry on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.collector import collecting
from benchmarks.installation import OURS, running, serving, settings_of
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import Door
from services.gateway.webhook import SECRET_HEADER

APP = "documents"
"""The bot that is measured; its neighbours run, too, with nobody in them."""

AS_DEPLOYED = {
    "TELEGRAM_MODE": "webhook",
    "TELEGRAM_LIMITS": "0",  # Telegram's thirty a second would be all that is measured
    "LOG_FORMAT": "json",
    "OTEL_BSP_SCHEDULE_DELAY": "1000",
    "OTEL_BLRP_SCHEDULE_DELAY": "1000",
}


@asynccontextmanager
async def ours(
    directory: Path,
    telegram_url: str,
    copies: Mapping[str, int] | None = None,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Stack]:
    """Run it in `directory`, with one copy of each service unless said otherwise.

    Its lines are JSON, and its spans and lines go to a collector, all of them: as in
    docker-compose.yml. `settings` come last.
    """
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(serving(directory))
        collector = await stack.enter_async_context(collecting(directory))
        environment = {
            **settings_of(servers),
            "TELEGRAM_API_URL": telegram_url,
            **AS_DEPLOYED,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector}/ours",
            **(settings or {}),
        }
        places = _places(directory, copies or {})
        for _, place in places:
            place.mkdir(exist_ok=True)
        started = await asyncio.gather(
            *(
                stack.enter_async_context(running([name], environment, place))
                for name, place in places
            )
        )
        services = {place.name: each for (_, place), each in zip(places, started, strict=True)}
        door = Door(
            f"http://127.0.0.1:{environment['GATEWAY_PORT']}/telegram/{APP}",
            {SECRET_HEADER: environment["WEBHOOK_SECRET"]},
        )
        yield Stack([door], services, servers.processes, environment, tells=True)
        for each in services.values():
            each.terminate()  # all at once: each takes a moment to end


def _places(directory: Path, copies: Mapping[str, int]) -> list[tuple[str, Path]]:
    """Return each service's name with the place of each of its copies."""
    return [
        (name, directory / f"{name}-{number}")
        for name in OURS
        for number in range(1, copies.get(name, 1) + 1)
    ]
