"""Messages to JSON and back, with the limits of the contracts checked both ways."""

from functools import cache
from typing import Any

import msgspec

from bus.errors import MalformedMessage
from contracts.base import Message

_ENCODER = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    """Encode a message; msgspec checks limits on decode only, so the result is decoded once.

    Raises:
        MalformedMessage: a limit of the contract is broken.
    """
    try:
        payload = _ENCODER.encode(message)
    except UnicodeEncodeError as error:
        raise MalformedMessage(f"{type(message).__name__}: {error.reason}") from error
    decode(type(message), payload)
    return payload


def decode(wanted: Any, payload: bytes) -> Any:
    """Decode a message type or a union of them, whatever the bytes are.

    Raises:
        MalformedMessage: they are no such message, or break a limit of the contract.
    """
    return read(decoder(wanted), payload)


def read(known: "msgspec.json.Decoder[Any]", payload: bytes) -> Any:
    """Decode by what `decoder` returned; raises as decode does."""
    try:
        return known.decode(payload)
    except msgspec.MsgspecError as error:
        raise MalformedMessage(str(error)) from error
    except (UnicodeDecodeError, RecursionError) as error:
        # msgspec lets these two through: bytes that are no UTF-8, and nesting without end.
        raise MalformedMessage(f"the payload cannot be read: {error}") from error


@cache
def decoder(wanted: Any) -> "msgspec.json.Decoder[Any]":
    """Return the decoder of a message type or a union of them."""
    return msgspec.json.Decoder(wanted)
