"""One person's eyes and hands: follows a chat, and says, presses and sends there."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.installation import Installation
from tests.faults.ledger import MAILING, Ledger, Press, Sight

HELD = 20
PATIENT = aiohttp.ClientTimeout(total=120)
AGAIN_AFTER = 0.5


class Gone(Exception):
    """The button is no longer there."""


@dataclass(eq=False)
class Hands:
    """A person in the chat with one bot."""

    installation: Installation
    http: aiohttp.ClientSession
    ledger: Ledger
    app: str
    person: int
    sights: list[Sight] = field(default_factory=list)
    revision: int = 0
    presses_answered: int = 0
    """How many presses the bot has answered, most of them without a word."""
    pressed: Counter[int] = field(default_factory=Counter)
    """How often a button of a message was pressed."""
    answered: Counter[int] = field(default_factory=Counter)
    """How many of those presses were answered."""
    _new: asyncio.Condition = field(default_factory=asyncio.Condition)
    _known: set[tuple[int, str, tuple[str, ...]]] = field(default_factory=set)
    _messages: set[int] = field(default_factory=set)

    @property
    def place(self) -> int:
        """Where this person stands now: what is seen from here on is new."""
        return len(self.sights)

    @property
    def answers(self) -> int:
        """How much has been seen of the bot altogether, answers to presses included."""
        return len(self.sights) + self.presses_answered

    async def follow(self) -> None:
        """Look at the chat for as long as the run takes, whatever happens to the server."""
        while True:
            try:
                await self.look(held=HELD)
            except (aiohttp.ClientError, TimeoutError, ValueError):
                await asyncio.sleep(AGAIN_AFTER)

    async def look(self, *, held: float = 0, everything: bool = False) -> None:
        """Take in what is new, waiting so many seconds for it."""
        query = {} if everything else {"after": str(self.revision), "only": "changes"}
        async with self.http.get(
            f"{self.installation.telegram_url}/sim/chats/{self.app}/{self.person}",
            params={**query, "timeout": str(held)},
            timeout=aiohttp.ClientTimeout(total=held + 15),
        ) as response:
            response.raise_for_status()
            chat = await response.json()
        self.revision = max(self.revision, chat["revision"])
        if everything:
            self.presses_answered = 0
            self.answered.clear()
        self.presses_answered += len(chat["callback_answers"])
        self.answered.update(answer["message_id"] for answer in chat["callback_answers"])
        for message in chat["messages"]:
            self._take_in(message)
        async with self._new:
            self._new.notify_all()

    def _take_in(self, message: dict[str, Any]) -> None:
        buttons = tuple(button["text"] for row in message["buttons"] for button in row)
        version = (message["id"], message["text"], buttons)
        if message["from"] != "bot" or version in self._known:
            return
        if message["text"].startswith(MAILING) and "\n" not in message["text"]:
            return  # nobody waits for a mailing; whom it reached is read at the end
        first = message["id"] not in self._messages
        self._known.add(version)
        self._messages.add(message["id"])
        sight = Sight(len(self.sights), message["id"], message["text"], buttons, time.time())
        self.sights.append(sight)
        self.ledger.see(self.person, sight, first=first)

    async def until(self, wanted: Callable[[Sight], bool], since: int, within: float) -> Sight:
        """Return the first wanted sight from a place on; raises TimeoutError."""
        async with asyncio.timeout(within), self._new:
            at = since
            while True:
                while at < len(self.sights):
                    if wanted(self.sights[at]):
                        return self.sights[at]
                    at += 1
                await self._new.wait()

    async def says(self, text: str) -> None:
        """Write a message to the bot."""
        await self._act("say", json={"text": text})

    async def presses(self, label: str, message_id: int) -> Press:
        """Press a button; raises Gone."""
        pressed = await self._act("press", json={"button": label, "message_id": message_id})
        self.pressed[message_id] += 1
        return Press(self.person, message_id, str(pressed.get("callback_query_id", "")))

    async def sends(self, name: str, data: bytes) -> None:
        """Send a file."""

        def form() -> aiohttp.FormData:
            parts = aiohttp.FormData(quote_fields=False)
            parts.add_field("file", data, filename=name)
            return parts

        await self._act("upload", data=form)

    async def blocks(self, blocked: bool) -> None:
        """Stop the bot, or let it write again."""
        await self._act("block" if blocked else "unblock", json={})

    async def _act(self, action: str, **body: Any) -> Any:
        url = f"{self.installation.telegram_url}/sim/chats/{self.app}/{self.person}/{action}"
        while True:
            filled = {name: value() if callable(value) else value for name, value in body.items()}
            try:
                async with (
                    self.installation.gate.passing(),
                    self.http.post(url, **filled, timeout=PATIENT) as response,
                ):
                    if response.status == 409:
                        raise Gone((await response.json())["error"])
                    response.raise_for_status()
                    return await response.json()
            except aiohttp.ClientConnectorError:  # it never arrived
                await asyncio.sleep(AGAIN_AFTER)
