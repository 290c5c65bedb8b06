"""What the bot service keeps in Redis: dialogs, marks of what is done, people for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from contracts.people import Person
from services.bot.dialog import Dialog
from services.bot.flood import BUCKET_KEPT, TAKE, Flood, Taking, Verdict, flood_key
from services.bot.open_dialogs import open_key
from services.bot.sent import handed_key, sent_key
from services.told import Claim, Told, notice_mark, told_key

DAY = 24 * 60 * 60
KEPT = 7 * DAY
"""Seconds; Telegram repeats an update for a day, the bus until it is handled."""
PERSON_KEPT = 10 * 60
SEEN_KEPT = 60 * 60

_READ = f"""
local function take()
{TAKE}
end
return {{take(), redis.call('MGET', unpack(KEYS, 2, 6)), redis.call('HGETALL', KEYS[7])}}
"""
"""Takes an update's tokens, and returns all that is known before it is handled."""
_WRITE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if ARGV[2] == 'set' then
  local now = redis.call('TIME')[1]
  redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[1])
  redis.call('ZADD', KEYS[3], now + ARGV[1], ARGV[4])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  redis.call('EXPIRE', KEYS[3], ARGV[1])
elseif ARGV[2] == 'delete' then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[4])
end
for i = 4, #KEYS do redis.call('SET', KEYS[i], 1, 'EX', ARGV[1]) end
redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])
return 1
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was known before an update is handled."""

    done: bool
    dialog: Dialog
    person: Person | None
    seen: bool
    """Whether `people` was told of this person a short while ago."""
    handed_over: bool
    """Whether something this chat was to be told is still on its way through the notifier."""
    sent: Mapping[bytes, bytes]
    """What an earlier handling of the update has sent."""
    verdict: Verdict


class Where(NamedTuple):
    """Which update is meant: `cause` is its message's id."""

    app: str
    chat_id: int
    person_id: int
    cause: str


@dataclass(slots=True)
class Memory:
    """Reads once before an update is handled, writes once after."""

    redis: Redis
    flood: Flood = field(default_factory=Flood)
    _told: Told = field(init=False)
    _reading: AsyncScript = field(init=False)
    _writing: AsyncScript = field(init=False)

    def __post_init__(self) -> None:
        self._told = Told(self.redis)
        self._reading = self.redis.register_script(_READ)
        self._writing = self.redis.register_script(_WRITE)

    async def read(self, where: Where, taking: Taking) -> Remembered:
        """Read all that the handling of an update needs, and take its tokens."""
        app, chat_id, person_id, cause = where
        # The first two are those of the bucket.
        keys = (
            flood_key(app, person_id),
            _done(cause),
            _dialog(app, chat_id),
            _person(person_id),
            _seen(app, person_id),
            handed_key(app, chat_id),
            sent_key(cause),
        )
        rate = (self.flood.burst, self.flood.per_second)
        verdict, (done, dialog, person, seen, handed), sent = await self._reading(
            keys=keys, args=(cause, taking.cost, *rate, taking.arrived_at, BUCKET_KEPT)
        )
        return Remembered(
            done=done is not None,
            dialog=Dialog(dialog),
            person=_read_person(person),
            seen=seen is not None,
            handed_over=await self._is_on_its_way(app, chat_id, handed),
            sent=dict(zip(sent[::2], sent[1::2], strict=True)),
            verdict=Verdict(verdict),
        )

    async def write(self, where: Where, dialog: Dialog, told: list[str]) -> None:
        """Write dialog, told marks and the done mark, all of them or, if it is done, none.

        Then another copy has done it, and perhaps more of the chat since.
        """
        app, chat_id, _, cause = where
        keys = [_done(cause), _dialog(app, chat_id), open_key(app), *map(told_key, told)]
        change = ("set" if dialog.stored is not None else "delete") if dialog.changed else "keep"
        if not await self._writing(keys=keys, args=[KEPT, change, dialog.stored or b"", chat_id]):
            log.warning("update.done_elsewhere", app=app)

    async def keep_person(self, person: Person) -> None:
        """Keep what `query` said of a person for a while."""
        await self.redis.set(_person(person.person_id), msgspec.json.encode(person), ex=PERSON_KEPT)

    async def forget_person(self, person_id: int) -> None:
        """Ask anew who the person is at the next update."""
        await self.redis.delete(_person(person_id))

    async def mark_seen(self, app: str, person_id: int) -> None:
        """Do not tell `people` of this person again for a while."""
        await self.redis.set(_seen(app, person_id), 1, ex=SEEN_KEPT)

    async def forget_seen(self, app: str, person_id: int) -> None:
        """Tell `people` of this person again as soon as they write."""
        await self.redis.delete(_seen(app, person_id))

    async def erase(self, person_id: int, apps: tuple[str, ...]) -> None:
        """Forget a person: a private chat has the id of its person."""
        keys = [_person(person_id)]
        for app in apps:
            keys += [_dialog(app, person_id), _seen(app, person_id)]
            keys += [flood_key(app, person_id), handed_key(app, person_id)]
            await self.redis.zrem(open_key(app), person_id)
        await self.redis.delete(*keys)

    async def may_tell(self, command_id: str, cause: str) -> bool:
        """Claim the showing of a command's outcome; False where the notifier shows it.

        A notifier that dies over it is delivered the outcome again, so nobody need wait here.
        """
        return await self._told.claim(command_id, cause) is Claim.MINE

    async def _is_on_its_way(self, app: str, chat_id: int, notice_key: bytes | None) -> bool:
        if notice_key is None:
            return False
        # The notices of one chat are shown in turn: the last one stands for all.
        mark = notice_mark(app, chat_id, notice_key.decode())
        return not await self._told.already(mark)


def _done(cause: str) -> str:
    return f"done:{cause}"


def _dialog(app: str, chat_id: int) -> str:
    return f"dialog:{app}:{chat_id}"


def _person(person_id: int) -> str:
    return f"person:{person_id}"


def _seen(app: str, person_id: int) -> str:
    return f"seen:{app}:{person_id}"


def _read_person(stored: bytes | None) -> Person | None:
    if stored is None:
        return None
    try:
        return msgspec.json.decode(stored, type=Person)
    except msgspec.MsgspecError:
        return None  # written by another version; it is asked anew
