"""Silent people: known to mailings as if each had written once, and never seen to do anything."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.installation import Installation
from tests.faults.ledger import MAILING

BOT = "documents"
"""The bot by which all mailings of a run go out."""
AT_ONCE = 8
OPTED_OUT = 3
UNREACHABLE = 2
BLOCKING = 3
"""Who stops the bot while the first mailing is on its way to them."""
HUSHED = 2
"""Parts of three of those who read Russian: they have quiet hours while a mailing is held up."""

_READER = """
INSERT INTO broadcast_readers (person_id, language, time_zone, opted_out)
VALUES ($1, $2, 'UTC', $3)
"""
_CONTACT = "INSERT INTO broadcast_contacts (person_id, app, unreachable) VALUES ($1, $2, $3)"
HUSH = """
UPDATE broadcast_readers SET
    quiet_begins = (now() AT TIME ZONE 'UTC' - interval '2 hours')::time,
    quiet_ends = (now() AT TIME ZONE 'UTC' + interval '6 hours')::time
WHERE person_id = ANY($1::bigint[])
"""
SPEAK = """
UPDATE broadcast_readers SET quiet_begins = NULL, quiet_ends = NULL
WHERE person_id = ANY($1::bigint[])
"""


@dataclass(eq=False)
class Crowd:
    """Silent people by what mailings know of them; who reads English and who reads Russian."""

    installation: Installation
    http: aiohttp.ClientSession
    english: list[int] = field(default_factory=list)
    russian: list[int] = field(default_factory=list)
    never: set[int] = field(default_factory=set)
    """Who opted out or, as far as mailings know, blocked the bot."""

    @property
    def hushed(self) -> list[int]:
        """Who has quiet hours while a mailing is held up."""
        return self.russian[: len(self.russian) * HUSHED // 3]

    async def gather(self, english: int, russian: int) -> None:
        """Make so many people, and have mailings know them."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def meet() -> int:
            async with limit:
                return await self._meet()

        people = sorted(await asyncio.gather(*(meet() for _ in range(english + russian))))
        self.english, self.russian = people[:english], people[english:]
        opted_out, blocked = set(self.english[:OPTED_OUT]), set(self.english[-UNREACHABLE:])
        self.never = opted_out | blocked
        async with self.installation.database() as database, database.transaction():
            await database.executemany(
                _READER,
                [
                    (each, "ru" if each in self.russian else "en", ["news"] * (each in opted_out))
                    for each in people
                ],
            )
            await database.executemany(
                _CONTACT, [(each, BOT, "blocked" if each in blocked else None) for each in people]
            )

    async def block(self) -> None:
        """Have some stop the bot, if Telegram is there: they are told of a mailing last."""
        for person in self.english[-UNREACHABLE - BLOCKING : -UNREACHABLE]:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.post(f"{self._chat(person)}/block", json={}) as response:
                    response.raise_for_status()

    async def read(self, people: Iterable[int]) -> dict[tuple[int, str], list[float]]:
        """Return when whom which mailings reached: each message of a chat that is one."""
        limit = asyncio.Semaphore(AT_ONCE)
        found: dict[tuple[int, str], list[float]] = {}

        async def look(person: int) -> None:
            async with limit, self.http.get(self._chat(person)) as response:
                response.raise_for_status()
                chat: dict[str, Any] = await response.json()
            for message in chat["messages"]:
                if message["from"] == "bot" and message["text"].startswith(MAILING):
                    text = message["text"].partition("\n")[0]
                    # Telegram says the second in which it was; nothing begun in it is later.
                    found.setdefault((person, text), []).append(message["date"] + 1.0)

        async with asyncio.TaskGroup() as looking:
            for person in people:
                looking.create_task(look(person))
        return found

    async def _meet(self) -> int:
        url = f"{self.installation.telegram_url}/sim/people"
        async with self.http.post(url, json={"first_name": "Silent"}) as response:
            response.raise_for_status()
            person = int((await response.json())["id"])
        # Nothing is blocked: it begins a chat, without which no bot may write.
        async with self.http.post(f"{self._chat(person)}/unblock", json={}) as response:
            response.raise_for_status()
        return person

    def _chat(self, person: int) -> str:
        return f"{self.installation.telegram_url}/sim/chats/{BOT}/{person}"
