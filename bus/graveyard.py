"""Reads the stream DEAD as the operator, and takes letters out of it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import APIError, NotFoundError
from pydantic import SecretStr

from bus.attempt import Unreachable, attempt
from bus.connection import REQUEST_TIMEOUT, Link, connect
from bus.errors import BusError
from bus.letters import PREFIX, Letter

STREAM = "DEAD"
CONNECT_WITHIN = 5.0
"""Seconds: somebody waits for the answer."""
BATCH = 500
FORGOTTEN_AFTER = 30.0
"""Seconds until the server forgets a reader that has gone."""
_NOT_THERE = frozenset({10037, 10043, 10057})
_SIZE = "Nats-Msg-Size"


class GraveyardAway(BusError):
    """DEAD cannot be read now; the text says why."""


class NoSuchLetter(BusError):
    """It was never there, or somebody has replayed or dropped it, or it was too old."""


class _Stored(msgspec.Struct):
    subject: str
    time: datetime
    hdrs: str = ""
    data: str = ""


class _Error(msgspec.Struct):
    err_code: int = 0
    description: str = ""


class _Found(msgspec.Struct):
    message: _Stored | None = None
    error: _Error | None = None


class Graveyard:
    """The dead letters. Several may read, replay and drop at the same time."""

    def __init__(self, link: Link) -> None:
        self.link = link

    async def letters(self) -> AsyncIterator[Letter]:
        """Yield the letters that are there now, the oldest first; no body is read for it."""
        jetstream = self.link.jetstream
        last = (await jetstream.stream_info(STREAM)).state.last_seq
        reader = await jetstream.add_consumer(
            STREAM,
            ConsumerConfig(
                description="reads headers",
                ack_policy=AckPolicy.NONE,
                headers_only=True,
                mem_storage=True,
                inactive_threshold=FORGOTTEN_AFTER,
            ),
        )
        letters = await jetstream.pull_subscribe_bind(consumer=reader.name, stream=STREAM)
        try:
            left = reader.num_pending or 0
            while left:
                try:
                    batch = await letters.fetch(min(left, BATCH), timeout=REQUEST_TIMEOUT)
                except TimeoutError:
                    # Somebody has dropped what was counted a moment ago.
                    info = await jetstream.consumer_info(STREAM, reader.name)
                    if info.num_pending:
                        raise
                    return
                for message in batch:
                    if message.metadata.sequence.stream > last:
                        return
                    yield _listed(message)
                left = batch[-1].metadata.num_pending
        finally:
            await letters.unsubscribe()
            await jetstream.delete_consumer(STREAM, reader.name)

    async def letter(self, seq: int) -> tuple[Letter, bytes]:
        """Return a letter with its body.

        Raises:
            NoSuchLetter: there is none of this number.
        """
        reply = await self.link.client.request(
            f"$JS.API.STREAM.MSG.GET.{STREAM}",
            msgspec.json.encode({"seq": seq}),
            timeout=REQUEST_TIMEOUT,
        )
        found = msgspec.json.decode(reply.data, type=_Found)
        if found.error and found.error.err_code not in _NOT_THERE:
            raise GraveyardAway(found.error.description)
        if found.message is None:
            raise NoSuchLetter(str(seq))
        stored = found.message
        body = base64.b64decode(stored.data)
        letter = Letter(
            seq=seq,
            at=stored.time.astimezone(UTC),
            subject=stored.subject.removeprefix(PREFIX),
            headers=_headers(base64.b64decode(stored.hdrs)),
            size=len(body),
        )
        return letter, body

    async def newest(self) -> int:
        """Return the number of the letter buried last, still there or not; 0 for none."""
        return (await self.link.jetstream.stream_info(STREAM)).state.last_seq

    async def remove(self, seq: int) -> bool:
        """Take a letter out; return whether it was still there."""
        try:
            return await self.link.jetstream.delete_msg(STREAM, seq)
        except NotFoundError:
            return False
        except APIError as error:
            if error.err_code in _NOT_THERE:
                return False
            raise


@asynccontextmanager
async def graveyard(url: str, seed: SecretStr) -> AsyncIterator[Graveyard]:
    """Open DEAD as the operator.

    Raises:
        GraveyardAway: NATS does not answer in time, or has no such stream.
    """
    try:
        async with attempt(url, "operator", seed):
            pass  # a connection that waits for its server would not say why it cannot be made
        async with (
            asyncio.timeout(CONNECT_WITHIN) as connecting,
            connect(url, "operator", seed, name="dead") as link,
        ):
            connecting.reschedule(None)
            yield Graveyard(link)
    except NotFoundError:
        raise GraveyardAway("there is no stream DEAD: run `switchboard provision`") from None
    except (Unreachable, NatsError, TimeoutError) as error:
        raise GraveyardAway(str(error) or "no answer in time") from error


def _listed(message: Msg) -> Letter:
    headers = dict(message.headers or {})
    return Letter(
        seq=message.metadata.sequence.stream,
        at=message.metadata.timestamp.astimezone(UTC),
        subject=message.subject.removeprefix(PREFIX),
        size=int(headers.pop(_SIZE, "0")),
        headers=headers,
    )


def _headers(raw: bytes) -> dict[str, str]:
    """Read headers whatever they are: what killed a reader once must not do so here."""
    lines = raw.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name: value.strip() for name, _, value in pairs}
