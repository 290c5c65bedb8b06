"""What a test of the notifier does: publish, start copies, look into chats."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from bus import Actor, Envelope
from bus.encoding import decode, encode
from contracts.base import Message
from contracts.notices import (
    CommandBuried,
    Notice,
    NoticeEnd,
    NoticesEnded,
    Urgency,
    subject_of_notice,
)
from contracts.screens import Screen
from services.life import Life
from services.notifier.service import notifier
from services.settings import NotifierSettings, read_settings
from tests.bus.bench import Bench
from tests.bus.waiting import STOP_WITHIN, eventually
from tests.telegram_api.peer import ANNA, TOKENS, Peer

APP = "documents"


@dataclass
class Stage:
    """A bus with a notifier's neighbours on it."""

    bench: Bench
    peer: Peer
    stack: AsyncExitStack
    environment: pytest.MonkeyPatch
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def tell(
        self, text: str, chat_id: int = ANNA, urgency: Urgency = "answer", **more: Any
    ) -> None:
        """Publish a notice, as storage does."""
        notice = Notice(
            app=APP,
            chat_id=chat_id,
            screen=more.pop("screen", Screen(text=text)),
            key=more.pop("key", uuid4().hex),
            urgency=urgency,
            **more,
        )
        await self.publish(notice, subject_of_notice(notice), chat_id)

    async def say_buried(self, code: str) -> None:
        """Publish the notice of a command that is dead."""
        buried = CommandBuried(app=APP, chat_id=ANNA, code=code, key=uuid4().hex)
        await self.publish(buried, subject_of_notice(buried))

    async def publish(self, message: Message, subject: str, chat_id: int = ANNA) -> None:
        """Publish a message that concerns a person's chat."""
        envelope = Envelope(
            message_id=f"{uuid4().hex}-{next(self._numbers)}",
            actor=Actor(person=chat_id, app=APP),
            chat=chat_id,
            locale="en",
            causation_id=f"cause-{uuid4().hex}",
        )
        await self.bench.send_bytes(subject, encode(message), envelope.headers())

    @asynccontextmanager
    async def copies(self, number: int) -> AsyncIterator[list[Life]]:
        """Run so many copies of the notifier; at the end they stop in time."""
        self.environment.setenv("TELEGRAM_API_URL", self.peer.url)
        self.environment.setenv("BOT_TOKENS", json.dumps(TOKENS))
        settings = read_settings(NotifierSettings)
        lives = [Life.begin("notifier") for _ in range(number)]
        tasks = [asyncio.create_task(notifier(settings, life)) for life in lives]
        try:
            yield lives
        finally:
            for life in lives:
                life.stopping.set()
            async with asyncio.timeout(STOP_WITHIN):
                await asyncio.gather(*tasks)
            for life in lives:
                await life.end()

    async def ends(self) -> list[NoticeEnd]:
        """Return what was said of how notices ended, in order."""
        events = await self.bench.stored("EVENTS")
        return [end for event in events for end in decode(NoticesEnded, event.data or b"").ends]

    async def all_told(self, within: float = 60.0) -> None:
        """Wait until nothing is left to be told."""
        await eventually(lambda: self.bench.is_empty("LATE"), within)
        await eventually(lambda: self.bench.is_empty("NOTICES"), within)

    async def meet(self, name: str) -> int:
        """Let somebody else begin to talk to the bot and return the chat's id."""
        body = {"first_name": name}
        async with self.peer.http.post(f"{self.peer.url}/sim/people", json=body) as response:
            person = int((await response.json())["id"])
        await self.says(person, "/start")
        return person

    async def says(self, person: int, text: str) -> None:
        """Let a person say something to the bot."""
        address = f"{self.peer.url}/sim/chats/{APP}/{person}/say"
        async with self.peer.http.post(address, json={"text": text}) as response:
            assert response.ok, await response.text()

    async def sent(self, chat_id: int = ANNA) -> list[str]:
        """Return the texts in a chat that Telegram took, oldest first."""
        return [
            str(call["parameters"]["text"])
            for call in await self.peer.calls("sendMessage")
            if str(call["parameters"]["chat_id"]) == str(chat_id) and call["answer"]["ok"]
        ]


def counted(lives: list[Life], urgency: str, result: str) -> float:
    """Return how many tellings ended so, in all copies."""
    labels = {"urgency": urgency, "result": result}
    values = (life.registry.get_sample_value("notifier_tellings_total", labels) for life in lives)
    return sum(value or 0 for value in values)
