"""The mark that an outcome was shown: bot and notifier both may, but only one of them should."""

from dataclasses import dataclass

from redis.asyncio import Redis

KEPT = 7 * 24 * 60 * 60
"""Seconds; longer than any message of the same cause is repeated."""


@dataclass(frozen=True, slots=True)
class Told:
    """Marks kept in Redis; `what` is a command's id or a notice's key."""

    redis: Redis

    async def already(self, what: str) -> bool:
        """Whether it was shown in the chat."""
        return bool(await self.redis.exists(told_key(what)))

    async def mark(self, what: str) -> None:
        """Note that it was shown."""
        await self.redis.set(told_key(what), 1, ex=KEPT)


def told_key(what: str) -> str:
    """Return the key of a mark."""
    return f"told:{what}"
