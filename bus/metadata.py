"""What a stream says of a message that it delivers, in the subject to be answered to."""

from typing import NamedTuple

from nats.aio.msg import Msg

DELIVERED = "$JS.ACK."
"""With what the subject begins to which a stream's message is answered."""
_FIELDS = 9
"""$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer's>.<nanoseconds>.<pending>"""


class Metadata(NamedTuple):
    """How often a stream has delivered a message, this time included, its number, and its age."""

    deliveries: int
    sequence: int
    stored_at: float
    """Seconds since the epoch by the server's clock."""


def metadata_of(message: Msg) -> Metadata:
    """Read it; raises NotJSMessageError for a message that no stream has delivered."""
    fields = message.reply.split(".")
    if len(fields) == _FIELDS and message.reply.startswith(DELIVERED):
        return Metadata(int(fields[4]), int(fields[5]), int(fields[7]) / 1e9)
    # Of another form: nats-py reads all there are, with more ado.
    read = message.metadata
    return Metadata(read.num_delivered, read.sequence.stream, read.timestamp.timestamp())
