"""What a stream says of a message that it delivers, in the subject to be answered to."""

from functools import lru_cache
from typing import NamedTuple

from nats.aio.msg import Msg

DELIVERED = "$JS.ACK."
"""With what the subject begins to which a stream's message is answered."""
_FIELDS = 9
"""$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer's>.<nanoseconds>.<pending>"""
_REMEMBERED = 1024
"""Each is asked for where a message comes, where it is read, and where its delivery is made."""


class Metadata(NamedTuple):
    """How often a stream has delivered a message, this time included, its number, and its age."""

    deliveries: int
    sequence: int
    stored_at: float
    """Seconds since the epoch by the server's clock."""


def metadata_of(message: Msg) -> Metadata:
    """Read it; raises NotJSMessageError for a message that no stream has delivered."""
    if found := _told(message.reply):
        return found
    # Of another form: nats-py reads all there are, with more ado.
    read = message.metadata
    return Metadata(read.num_delivered, read.sequence.stream, read.timestamp.timestamp())


@lru_cache(_REMEMBERED)
def _told(reply: str) -> Metadata | None:
    fields = reply.split(".")
    if len(fields) == _FIELDS and reply.startswith(DELIVERED):
        return Metadata(int(fields[4]), int(fields[5]), int(fields[7]) / 1e9)
    return None
