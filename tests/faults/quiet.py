"""Waiting until all is done: streams empty, nothing left at the Bot API server, chats calm."""

import asyncio
import os
import time
from dataclasses import dataclass, field

import aiohttp
from nats.errors import Error as NatsError

from tests.faults.hands import Hands
from tests.faults.installation import Installation
from tests.faults.mailings import Mailings

WORK_QUEUES = ("UPDATES", "COMMANDS", "LATE", "NOTICES")
WITHIN = 30.0
"""Seconds from the last fault until all is quiet, on a machine that keeps up."""
GIVE_UP_AFTER = 240.0
CALM = 4.0
"""Seconds in which nothing new must be seen; longer than a person would notice."""
LOOK_EVERY = 0.5


@dataclass
class Quiet:
    """How it became quiet: seconds after the last fault, and how busy the machine was."""

    seconds: float = 0.0
    allowed: float = WITHIN
    waiting: dict[str, int] = field(default_factory=dict)
    """What was not done when patience ended, by place."""


def crowd() -> float:
    """Return how many times more processes want to run than there are processors, at least 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def until_quiet(installation: Installation, people: list[Hands], mailings: Mailings) -> Quiet:
    """Wait for the quiet; where the machine is crowded the bound grows with the crowd."""
    began, crowded = time.time(), crowd()
    busy_at, waiting = began, {"": 1}
    async with aiohttp.ClientSession(installation.telegram_url) as http:
        while time.time() - began < GIVE_UP_AFTER:
            waiting = await _waiting(installation, http, mailings)
            now = time.time()
            crowded = max(crowded, crowd())
            if waiting:
                busy_at = now
            last_seen = max([each.sights[-1].at for each in people if each.sights], default=began)
            if not waiting and now - max(busy_at, last_seen) > CALM:
                seconds = max(busy_at, last_seen) - began
                return Quiet(max(0.0, seconds), WITHIN * crowded)
            await asyncio.sleep(LOOK_EVERY)
    return Quiet(GIVE_UP_AFTER, WITHIN * crowded, waiting)


async def _waiting(
    installation: Installation, http: aiohttp.ClientSession, mailings: Mailings
) -> dict[str, int]:
    try:
        async with installation.operator() as bus:
            counts = {name: (await bus.stream_info(name)).state.messages for name in WORK_QUEUES}
        async with http.get("/sim/bots") as response:
            bots = (await response.json())["bots"]
    except (NatsError, aiohttp.ClientError, TimeoutError, OSError) as error:
        return {type(error).__name__: 1}
    counts["mailings"] = await mailings.unfinished()
    counts["Telegram"] = sum(bot["pending_updates"] for bot in bots)
    return {place: count for place, count in counts.items() if count}
