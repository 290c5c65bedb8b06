"""Both bots as the harness runs them: each starts its own servers, and is pressed by the client."""

import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.child import Given
from benchmarks.harness.description import Level
from benchmarks.harness.load import Clocks, Figures
from benchmarks.presses import measuring
from benchmarks.presses.ours import ours
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import Telegram, telegram
from benchmarks.presses.usual import usual

COPIES = 2


@dataclass(frozen=True, slots=True)
class Pressing:
    """A bot to be pressed."""

    stack: Stack
    telegram: Telegram

    async def measure(self, levels: Sequence[Level], _: Clocks) -> Figures:
        """Press at all levels; the processes of the stack are read here, where they are known."""
        return await measuring.measure(self.stack, self.telegram, levels)


@asynccontextmanager
async def pressing_ours(given: Given) -> AsyncIterator[Pressing]:
    """Press our bot, with the settings that are among the options."""
    settings = {str(name): str(value) for name, value in given.options.items()}

    async with _pressing(lambda place, url: ours(place, url, {"bot": COPIES}, settings)) as found:
        yield found


@asynccontextmanager
async def pressing_usual(_: Given) -> AsyncIterator[Pressing]:
    """Press the usual bot."""
    async with _pressing(lambda place, url: usual(place, url, COPIES)) as found:
        yield found


@asynccontextmanager
async def _pressing(
    start: Callable[[Path, str], AbstractAsyncContextManager[Stack]],
) -> AsyncIterator[Pressing]:
    with tempfile.TemporaryDirectory(prefix="switchboard-presses-") as directory:
        async with telegram() as api, start(Path(directory), api.url) as stack:
            yield Pressing(stack, api)
