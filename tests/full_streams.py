"""A stream that has no room, as the environment's server and operator have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bus.connection import connect
from bus.topology import STREAMS
from services.settings import OperatorSettings, read_settings


@asynccontextmanager
async def full(stream: str) -> AsyncIterator[None]:
    """Have a stream take nothing more."""
    settings = read_settings(OperatorSettings)
    async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
        await link.jetstream.update_stream(STREAMS[stream].evolve(max_bytes=1))
        try:
            yield
        finally:
            await link.jetstream.update_stream(STREAMS[stream])
