"""Messages to JSON and back, with the limits of the contracts checked both ways."""

from functools import cache
from typing import Any

import msgspec

from bus.errors import MalformedMessage
from contracts.base import Message


def encode(message: Message) -> bytes:
    """Encode a message; msgspec checks limits on decode only, so the result is decoded once.

    Raises:
        MalformedMessage: a limit of the contract is broken.
    """
    payload = msgspec.json.encode(message)
    try:
        decoder(type(message)).decode(payload)
    except msgspec.ValidationError as error:
        raise MalformedMessage(f"{type(message).__name__}: {error}") from error
    return payload


@cache
def decoder(wanted: Any) -> "msgspec.json.Decoder[Any]":
    """Return the decoder of a message type or a union of them."""
    return msgspec.json.Decoder(wanted)
