"""The oldest message that a work queue still holds: what comes after it can wait for it."""

from datetime import datetime

from nats.errors import Error as NatsError
from nats.js.api import RawStreamMsg
from nats.js.errors import APIError, NotFoundError

from bus.connection import Link
from bus.errors import in_short


async def oldest(link: Link, stream: str, subject: str) -> int | None:
    """Return the number of the oldest message on a subject, which may have wildcards.

    A message that is being handled is still there; one that is done is gone. Raises TimeoutError
    when the server does not answer.
    """
    found = await _oldest(link, stream, subject)
    return found.seq if found else None


async def oldest_at(link: Link, stream: str, subject: str) -> datetime | None:
    """Return since when the oldest message on a subject is there; raises as `oldest` does."""
    found = await _oldest(link, stream, subject)
    return found.time if found else None


async def _oldest(link: Link, stream: str, subject: str) -> RawStreamMsg | None:
    try:
        with link.meters.asking_server("DIRECT.GET"):
            return await link.jetstream.get_msg(
                stream, seq=1, subject=subject, direct=True, next=True
            )
    except NotFoundError:
        return None
    except (NatsError, APIError, TimeoutError) as error:
        raise TimeoutError(f"what {stream} holds is not known: {in_short(error)}") from error
