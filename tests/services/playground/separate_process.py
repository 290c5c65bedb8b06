"""A playground in a process of its own, to be killed: prints its address, then serves."""

import asyncio
import sys
from pathlib import Path

import structlog

from services.playground import PlaygroundSettings, playground
from tests.services.playground.conftest import TOKENS


async def serve(directory: Path) -> None:
    """Serve until killed."""
    async with playground(PlaygroundSettings(directory=directory, bots=TOKENS)) as running:
        print(running.url, flush=True)  # noqa: T201 - what the parent waits for
        await asyncio.Event().wait()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(serve(Path(sys.argv[1])))
