"""What people do again and again: look at the menu and at what they have, and keep a document."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.presses.telegram import NotShown, Telegram

TYPE = "Papers"
FIRST_PERSON = 5_000_000_001
ATTEMPTS = 4

Act = Callable[[Telegram, int], Awaitable[float]]

ROUND: dict[str, Act] = {
    "menu": lambda telegram, who: telegram.says(who, "/start", sees="Add document"),
    "types": lambda telegram, who: telegram.presses(who, "My documents", sees="by type"),
    "documents": lambda telegram, who: telegram.presses(who, TYPE, sees="Edit type"),
    "file": lambda telegram, who: telegram.sends(who, sees="What type"),
    "type": lambda telegram, who: telegram.presses(who, TYPE, sees="be called"),
    "name": lambda telegram, who: telegram.presses(who, "Keep", sees="Save"),
    "save": lambda telegram, who: telegram.presses(who, "Save", sees="Saved"),
}
"""Each waits for its screen, and returns the milliseconds that it took to come."""


@dataclass(eq=False)
class Person:
    """Somebody who has a type of documents already, and goes through the round."""

    telegram: Telegram
    number: int
    done: int = 0
    """Acts so far; it tells where in the round this person is."""

    async def settles(self) -> None:
        """Keep a first document, under a new type; begin again where something is not shown."""
        for left in reversed(range(ATTEMPTS)):
            try:
                await self._settle()
            except NotShown:
                if not left:
                    raise
            else:
                break

    async def _settle(self) -> None:
        telegram, who = self.telegram, self.number
        await telegram.says(who, "/start", sees="Add document")
        await telegram.sends(who, sees="What type")
        if telegram.has_button(who, TYPE):
            await telegram.presses(who, TYPE, sees="be called")
        else:
            await telegram.presses(who, "New type", sees="new type")
            await telegram.says(who, TYPE, sees="be called")
        await telegram.presses(who, "Keep", sees="Save")
        await telegram.presses(who, "Save", sees="Saved")

    async def acts(self) -> tuple[str, float]:
        """Do the next thing; return its name and milliseconds."""
        name = list(ROUND)[self.done % len(ROUND)]
        self.done += 1
        return name, await ROUND[name](self.telegram, self.number)
