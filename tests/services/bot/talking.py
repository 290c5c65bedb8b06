"""Somebody in a chat with a bot: whatever they do has been answered when the call returns."""

from dataclasses import dataclass
from typing import Any

from tests.services.bot.backstage import APP, Backstage
from tests.services.playground.person import Person

MENU = [["Add document", "My documents"], ["Search", "Trash"], ["Settings"]]


@dataclass(frozen=True)
class Shown:
    """A message of the bot as the chat shows it."""

    message_id: int
    text: str
    rows: list[list[str]]
    file: dict[str, Any] | None

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [label for row in self.rows for label in row]


@dataclass(frozen=True)
class Talker:
    """A person in the chat with the documents bot."""

    backstage: Backstage
    person: Person

    async def says(self, text: str) -> Shown:
        """Say a text; returns the bot's newest message."""
        await self.person.says(text)
        return await self.answer()

    async def presses(self, label: str, message_id: int | None = None) -> Shown:
        """Press a button; returns the bot's newest message."""
        await self.person.presses(label, message_id)
        return await self.answer()

    async def presses_by_hand(self, data: str) -> Shown:
        """Send a press that no button of ours sends; returns the bot's newest message."""
        newest = (await self.shown())[-1]
        await self.person.presses(newest.labels[0], newest.message_id)
        (update,) = await self.backstage.updates()
        update.body["callback_query"]["data"] = data
        await self.backstage.handle(update)
        return (await self.shown())[-1]

    async def sends(self, name: str, data: bytes = b"", kind: str = "document") -> Shown:
        """Send a file, by default of bytes that go with its name; returns the newest message."""
        await self.person.uploads(data or f"bytes of {name}".encode(), name, kind=kind)
        return await self.answer()

    async def shares_location(self, latitude: float, longitude: float) -> Shown:
        """Send a place, in degrees; returns the bot's newest message."""
        await self.person.shares_location(latitude, longitude)
        return await self.answer()

    async def sends_album(self, *names: str) -> Shown:
        """Send files in one go; returns the bot's newest message."""
        await self.person.uploads_album([(name, f"bytes of {name}".encode()) for name in names])
        return await self.answer()

    async def names_type(self, type_name: str) -> Shown:
        """Answer the question for the type, with a new one if need be."""
        asked = (await self.shown())[-1]
        known = [label for label in asked.labels if label.endswith(type_name)]
        if known:
            return await self.presses(known[0])
        await self.presses("New type")
        return await self.says(type_name)

    async def adds(self, name: str, type_name: str = "Medical") -> Shown:
        """Add a document, all the way."""
        await self.sends(f"{name}.pdf", f"bytes of {name}".encode())
        await self.names_type(type_name)
        await self.presses("Keep")
        saved = await self.presses("Save")
        assert f"Saved: {name}" in saved.text
        return saved

    async def finds(self, name: str, type_name: str = "Medical") -> Shown:
        """Go through the lists to a document."""
        types = await self.says("/documents")
        await self.presses(next(label for label in types.labels if type_name in label))
        return await self.presses(name)

    async def answer(self) -> Shown:
        """Have all updates handled; returns the bot's newest message."""
        for update in await self.backstage.updates():
            await self.backstage.handle(update)
        return (await self.shown())[-1]

    async def shown(self) -> list[Shown]:
        """Return the bot's messages, the newest last."""
        messages = (await self.person.chat())["messages"]
        return [_shown(message) for message in messages if message["from"] == "bot"]

    async def toasts(self) -> list[str]:
        """Return what was answered to presses, the newest last."""
        answers = (await self.person.chat())["callback_answers"]
        return [answer["text"] or "" for answer in answers]


async def newcomer(backstage: Backstage, language: str = "en") -> Talker:
    """Return somebody who never wrote to the bot."""
    account = {"first_name": "Tester", "language_code": language}
    async with backstage.telegram.post("/sim/people", json=account) as response:
        person_id = (await response.json())["id"]
    return Talker(backstage, Person(backstage.telegram, APP, person_id))


def _shown(message: dict[str, Any]) -> Shown:
    rows = [[button["text"] for button in row] for row in message["buttons"]]
    return Shown(message["id"], message["text"], rows, message["file"])
