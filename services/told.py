"""What was shown in a chat: bot and notifier both may show it, but only one of them should.

Whoever is about to show something claims it. The claim lasts seconds, and is kept up for as long as
its holder lives; once Telegram has accepted what is shown, the claim becomes a mark. A holder that
dies in between leaves its claim to expire, and the other one shows it, perhaps once more.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bus.errors import NotYet

KEPT = 7 * 24 * 60 * 60
"""Seconds; longer than any message of the same cause is repeated."""
CLAIM_SECONDS = 15
"""How long what somebody died over is not shown by the other."""

_MARK = b"1"
_CLAIM = """
local found = redis.call('GET', KEYS[1])
if found and found ~= ARGV[1] then return found end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1]
"""
_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Claim(Enum):
    """What became of asking to show something."""

    MINE = "show it"
    TOLD = "it was shown before"
    ELSEWHERE = "somebody else is showing it now"


@dataclass(frozen=True, slots=True)
class Told:
    """Claims and marks kept in Redis; `what` is a command's id or names a notice."""

    redis: Redis

    async def already(self, what: str) -> bool:
        """Whether it was shown in the chat."""
        return await self.redis.get(told_key(what)) == _MARK

    async def mark(self, what: str) -> None:
        """Note that it was shown."""
        await self.redis.set(told_key(what), _MARK, ex=KEPT)

    async def claim(self, what: str, who: str) -> Claim:
        """Ask to show it; `who` claims again what is theirs already, e.g. when redelivered."""
        claim, mine = self.redis.register_script(_CLAIM), _claim_of(who)
        found = await claim(keys=[told_key(what)], args=[mine, CLAIM_SECONDS])
        if found == mine:
            return Claim.MINE
        return Claim.TOLD if found == _MARK else Claim.ELSEWHERE

    async def renew(self, what: str, who: str) -> None:
        """Keep up a claim for as long again, unless it is lost."""
        renew = self.redis.register_script(_RENEW)
        await renew(keys=[told_key(what)], args=[_claim_of(who), CLAIM_SECONDS])

    async def release(self, what: str, who: str) -> None:
        """Give up a claim: nothing was shown."""
        release = self.redis.register_script(_RELEASE)
        await release(keys=[told_key(what)], args=[_claim_of(who)])

    @asynccontextmanager
    async def showing(self, what: str) -> AsyncIterator[bool]:
        """Claim it for the time of the block, which shows it only where this yields True.

        What the block has shown is marked at its end; a block that raises has shown nothing.
        Raises NotYet while somebody else is showing it: then it is asked for again later, since
        they may die over it.
        """
        who = secrets.token_hex(8)
        claim = await self.claim(what, who)
        if claim is Claim.ELSEWHERE:
            raise NotYet(f"{what} is being shown by somebody else")
        if claim is Claim.TOLD:
            yield False
            return
        renewing = asyncio.create_task(self._keep_up(what, who))
        try:
            yield True
        except BaseException:
            with suppress(RedisError):  # it expires by itself
                await self.release(what, who)
            raise
        finally:
            renewing.cancel()
        await self.mark(what)

    async def _keep_up(self, what: str, who: str) -> None:
        while True:
            await asyncio.sleep(CLAIM_SECONDS / 3)
            with suppress(RedisError):
                await self.renew(what, who)


def told_key(what: str) -> str:
    """Return the key of a claim or mark."""
    return f"told:{what}"


def notice_mark(app: str, chat_id: int, key: str) -> str:
    """Return what a notice is marked as."""
    return f"notice:{app}:{chat_id}:{key}"


def _claim_of(who: str) -> bytes:
    return f"claim:{who}".encode()
