"""What a work queue still holds: who comes later waits for it, or tells how much it is."""

from datetime import datetime
from typing import NamedTuple

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from bus.connection import REQUEST_TIMEOUT, Link
from bus.errors import in_short

NONE_THERE = "404"


class Queued(NamedTuple):
    """Messages on a subject; one that is being handled is still there, one that is done is gone."""

    messages: int
    since: datetime
    """When the oldest came, by the server's clock."""


async def oldest(link: Link, stream: str, subject: str) -> int | None:
    """Return the number of the oldest message on a subject, which may have wildcards.

    A message that is being handled is still there; one that is done is gone. Raises TimeoutError
    when the server does not answer.
    """
    try:
        with link.meters.asking_server("DIRECT.GET"):
            found = await link.jetstream.get_msg(
                stream, seq=1, subject=subject, direct=True, next=True
            )
    except NotFoundError:
        return None
    except (NatsError, APIError, TimeoutError) as error:
        raise _not_known(stream, in_short(error)) from error
    return found.seq


async def queued(link: Link, stream: str, subject: str) -> Queued | None:
    """Return how many messages there are on a subject, None for none; raises as `oldest` does.

    A list of consumers tells as much, but not to another account: to what a server answers anybody,
    it answers twice there, and says of the account itself that it has no streams.
    """
    # Of a batch the server says how many are left; of one message, it does not.
    first = msgspec.json.encode({"seq": 1, "next_by_subj": subject, "batch": 1})
    try:
        with link.meters.asking_server("DIRECT.GET"):
            answer = await link.client.request(
                f"$JS.API.DIRECT.GET.{stream}", first, timeout=REQUEST_TIMEOUT
            )
    except (NatsError, TimeoutError) as error:
        raise _not_known(stream, in_short(error)) from error
    return _read(answer, stream)


def _read(answer: Msg, stream: str) -> Queued | None:
    headers = answer.headers or {}
    status = headers.get("Status")
    if status == NONE_THERE:
        return None
    if status:
        raise _not_known(stream, status)
    try:
        since = msgspec.convert(headers["Nats-Time-Stamp"], datetime)
        return Queued(1 + int(headers["Nats-Num-Pending"]), since)
    except (KeyError, ValueError, msgspec.MsgspecError) as error:
        raise _not_known(stream, "an answer of another kind") from error


def _not_known(stream: str, why: str) -> TimeoutError:
    return TimeoutError(f"what {stream} holds is not known: {why}")
