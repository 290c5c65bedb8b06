"""People who add documents all the time, and note how long the bot lets them wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.chat import Chat, Shown

AGAIN = "Try again"
PDF = b"%PDF-1.4 the bytes of a paper"


@dataclass
class Impatient(Chat):
    """Somebody whose every act is timed until the first reaction: a toast, an answer or an edit."""

    waited: list[float] = field(default_factory=list)
    """Seconds, an act each."""
    saved: list[str] = field(default_factory=list)
    """The names of documents that were said to be saved."""

    async def _act(self, action: str, body: dict[str, Any]) -> None:
        await self._timed(lambda: super(Impatient, self)._act(action, body))

    async def sends(self, data: bytes, name: str, *, kind: str = "document") -> None:
        """Send a file, and wait for the first reaction."""
        await self._timed(lambda: super(Impatient, self).sends(data, name, kind=kind))

    async def presses(self, button: str) -> None:
        """Press a button; what a busy machine could not look up is asked for once more."""

        def offers(shown: Shown, label: str) -> bool:
            return any(each["text"] == label for row in shown["buttons"] for each in row)

        while not offers(
            await self._until(lambda shown: offers(shown, button) or offers(shown, AGAIN)), button
        ):
            await super().presses(AGAIN)
        await super().presses(button)

    async def _timed(self, act: Callable[[], Awaitable[None]]) -> None:
        answers = len((await self._read())["callback_answers"])
        began = time.monotonic()
        await act()
        await self._wait(
            lambda chat: (
                len(chat["callback_answers"]) > answers
                or any(
                    shown["from"] == "bot" and self._before.get(shown["id"]) != shown
                    for shown in chat["messages"]
                )
            )
        )
        self.waited.append(time.monotonic() - began)

    async def adds_documents(self, until: asyncio.Event) -> None:
        """Add one after another, the last of them to its end."""
        while not until.is_set():
            name = f"Paper {self.person_id} {len(self.saved)}"
            await self.sends(PDF + name.encode(), "paper.pdf")
            if self.saved:
                await self.presses("Papers")
            else:
                await self.presses("New type")
                await self.says("Papers")
            await self.sees_new("Keep")
            await self.says(name)
            await self.presses("Save")
            await self.sees_new(name)
            await self.sees_new("Saved")
            self.saved.append(name)
            await self.says("/documents")
            await self.presses(f"Papers ({len(self.saved)})")


async def somebody(http: aiohttp.ClientSession) -> Impatient:
    """Return a new person."""
    async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
        return Impatient(http, "documents", (await response.json())["id"])


def longest(people: Sequence[Impatient]) -> float:
    """Return the longest wait of all, in seconds."""
    return max(wait for person in people for wait in person.waited)


def in_figures(people: Sequence[Impatient]) -> str:
    """Describe how long people waited."""
    waits = sorted(wait for person in people for wait in person.waited)
    half, most = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    return f"{len(waits)} acts, half within {half:.2f} s, 95% {most:.2f} s, all {waits[-1]:.2f} s"
