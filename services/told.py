"""What was shown in a chat: bot and notifier both may show it, but only one of them should.

Whoever is about to show something claims it. The claim lasts seconds, and is kept up for as long as
its holder lives; once Telegram has accepted what is shown, the claim becomes a mark. A holder that
dies in between leaves its claim to expire, and the other one shows it, perhaps once more.

A mark knows the version that was shown and the message that shows it: a higher version is claimed
beside the mark, so that whoever dies over it leaves the message known.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from bus.errors import NotYet

KEPT = 7 * 24 * 60 * 60
"""Seconds; longer than any message of the same cause is repeated."""
CLAIM_SECONDS = 15
"""How long what somebody died over is not shown by the other."""

_MARK = re.compile(rb"1(?::(\d+):(-?\d+))?")
"""What was shown: as version 0 in a message that nobody noted, or so; a claim begins otherwise."""
_CLAIM = """
local shown = redis.call('GET', KEYS[1])
if not shown or string.sub(shown, 1, 1) ~= '1' then
  if shown and shown ~= ARGV[1] then return {shown} end
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return {ARGV[1]}
end
if tonumber(ARGV[3]) <= tonumber(string.match(shown, '^1:(%d+)') or '0') then return {shown} end
local other = redis.call('GET', KEYS[2])
if other and other ~= ARGV[1] then return {other} end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return {ARGV[1], shown}
"""
_RENEW = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('EXPIRE', key, ARGV[2]) end
end
"""
_RELEASE = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
"""


class Claim(Enum):
    """What became of asking to show something."""

    MINE = "show it"
    TOLD = "it was shown before"
    ELSEWHERE = "somebody else is showing it now"


class Shown(NamedTuple):
    """A version that was shown, and the message that shows it; 0 where that is not known."""

    version: int = 0
    message_id: int = 0


@dataclass(slots=True)
class Showing:
    """What is being shown, or was before.

    Whoever shows it says by `message_id` which message shows it now.
    """

    mine: bool
    """Whether it is to be shown."""
    before: Shown | None
    """What was shown before: this version or a higher one, or a lower one to be edited."""
    message_id: int = 0


@dataclass(slots=True)
class Told:
    """Claims and marks kept in Redis; `what` is a command's id or names a notice."""

    redis: Redis
    _claim_script: AsyncScript = field(init=False)
    _renew_script: AsyncScript = field(init=False)
    _release_script: AsyncScript = field(init=False)

    def __post_init__(self) -> None:
        self._claim_script = self.redis.register_script(_CLAIM)
        self._renew_script = self.redis.register_script(_RENEW)
        self._release_script = self.redis.register_script(_RELEASE)

    async def already(self, what: str) -> bool:
        """Whether it was shown in the chat, in any version."""
        return await self.shown(what) is not None

    async def shown(self, what: str) -> Shown | None:
        """Return what was shown of it last."""
        return _read(await self.redis.get(told_key(what)))

    async def mark(self, what: str, shown: Shown | None = None) -> None:
        """Note that it was shown."""
        await self.redis.set(told_key(what), _mark_of(shown or Shown()), ex=KEPT)

    async def claim(self, what: str, who: str) -> Claim:
        """Ask to show it; `who` claims again what is theirs already, e.g. when redelivered."""
        claim, _ = await self._claim(what, who, 0)
        return claim

    async def renew(self, what: str, who: str) -> None:
        """Keep up a claim for as long again, unless it is lost."""
        await self._renew_script(keys=_keys(what), args=[_claim_of(who), CLAIM_SECONDS])

    async def release(self, what: str, who: str) -> None:
        """Give up a claim: nothing was shown."""
        await self._release_script(keys=_keys(what), args=[_claim_of(who)])

    @asynccontextmanager
    async def showing(self, what: str, version: int = 0) -> AsyncIterator[Showing]:
        """Claim it for the time of the block, which shows it only where this is `mine`.

        What the block has shown is marked at its end; a block that raises has shown nothing.
        Raises NotYet while somebody else is showing it: then it is asked for again later, since
        they may die over it.
        """
        who = secrets.token_hex(8)
        claim, before = await self._claim(what, who, version)
        if claim is Claim.ELSEWHERE:
            raise NotYet(f"{what} is being shown by somebody else")
        showing = Showing(claim is Claim.MINE, before)
        if not showing.mine:
            yield showing
            return
        renewing = _Renewing(self, what, who)
        try:
            yield showing
        except BaseException:
            with suppress(RedisError):  # it expires by itself
                await self.release(what, who)
            raise
        finally:
            renewing.end()
        await self._mark_shown(what, Shown(version, showing.message_id), beside=before is not None)

    async def _mark_shown(self, what: str, shown: Shown, *, beside: bool) -> None:
        if beside:
            mark, claim = _keys(what)
            async with self.redis.pipeline() as marking:
                marking.set(mark, _mark_of(shown), ex=KEPT)
                marking.delete(claim)
                await marking.execute()
        else:  # the mark takes the place of the claim
            await self.mark(what, shown)

    async def _claim(self, what: str, who: str, version: int) -> tuple[Claim, Shown | None]:
        mine, keys = _claim_of(who), _keys(what)
        found, *shown = await self._claim_script(keys=keys, args=[mine, CLAIM_SECONDS, version])
        if found == mine:
            return Claim.MINE, _read(shown[0]) if shown else None
        before = _read(found)
        return (Claim.TOLD if before else Claim.ELSEWHERE), before


class _Renewing:
    """Keeps a claim up until ended; most end before there is anything to do."""

    def __init__(self, told: Told, what: str, who: str) -> None:
        self._told = told
        self._claim = what, who
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._begin)

    def end(self) -> None:
        self._timer.cancel()
        if self._task:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._keep_up())

    async def _keep_up(self) -> None:
        while True:
            with suppress(RedisError):
                await self._told.renew(*self._claim)
            await asyncio.sleep(CLAIM_SECONDS / 3)


def told_key(what: str) -> str:
    """Return the key of a claim or mark."""
    return f"told:{what}"


def notice_mark(app: str, chat_id: int, key: str) -> str:
    """Return what a notice is marked as."""
    return f"notice:{app}:{chat_id}:{key}"


def _keys(what: str) -> list[str]:
    """The key of the first claim and of the mark, and that of a claim beside a mark."""
    return [told_key(what), told_key(f"next:{what}")]


def _claim_of(who: str) -> bytes:
    return f"claim:{who}".encode()


def _mark_of(shown: Shown) -> str:
    return f"1:{shown.version}:{shown.message_id}"


def _read(stored: bytes | str | None) -> Shown | None:
    assert not isinstance(stored, str)  # clients of ours decode nothing
    found = _MARK.fullmatch(stored or b"")
    return Shown(int(found[1] or 0), int(found[2] or 0)) if found else None
