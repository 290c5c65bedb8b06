"""People who add documents all the time, and note how long the bot lets them wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.chat import Chat, Shown

AGAIN = "Try again"
CHOOSE = "Choose the type"
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
        """Press a button that is new; what a busy machine could not look up is asked for again."""
        await self.reaches(button, AGAIN)
        await super().presses(button)

    async def reaches(self, goal: str, *ways: str) -> None:
        """Wait for a new button, pressing what leads to it: the first of `ways` that is offered."""
        before, pressed = self._before, list[Shown]()

        def on_offer(chat: dict[str, Any]) -> tuple[str, Shown] | None:
            new = [
                shown
                for shown in reversed(chat["messages"])
                if shown["from"] == "bot" and shown not in (before.get(shown["id"]), *pressed)
            ]
            found = ((label, shown) for label in (goal, *ways) for shown in new)
            return next((each for each in found if _offers(each[1], each[0])), None)

        while offered := on_offer(await self._wait(lambda chat: on_offer(chat) is not None)):
            label, shown = offered
            if label == goal:
                return
            pressed.append(shown)
            await super().presses(label)

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
            # Told late of a new type, they choose it.
            await self.reaches("Keep", "Papers", CHOOSE, AGAIN)
            await self.says(name)
            await self.presses("Save")
            await self.sees_new(name)
            await self.sees_new("Saved")
            self.saved.append(name)
            await self.says("/documents")
            await self.presses(f"Papers ({len(self.saved)})")


def _offers(shown: Shown, label: str) -> bool:
    return any(button["text"] == label for row in shown["buttons"] for button in row)


async def somebody(http: aiohttp.ClientSession) -> Impatient:
    """Return a new person."""
    async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
        return Impatient(http, "documents", (await response.json())["id"])


def in_figures(people: Sequence[Impatient]) -> str:
    """Describe how long people waited."""
    waits = sorted(wait for person in people for wait in person.waited)
    half, most = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    return f"{len(waits)} acts, half within {half:.2f} s, 95% {most:.2f} s, all {waits[-1]:.2f} s"
