"""Reads what a NATS server says: messages by splitting lines, all else as nats-py does."""

from nats.errors import ProtocolError
from nats.protocol.parser import Parser

Heard = tuple[int, bytes, bytes, bytes, bytes]
"""The number of a subscription, subject, reply, payload, and the block of headers."""


class LeanParser(Parser):
    """The parser of a client that is asked by `hears` first."""

    def reset(self) -> None:
        """Forget what was read of an earlier connection."""
        super().reset()
        self._held: list[bytes] = []
        self._missing = 0  # bytes, of a message whose beginning is held

    async def parse(self, data: bytes = b"") -> None:
        """Have everything that is complete heard; raises ProtocolError."""
        held = self._held
        held.append(data)
        self._missing -= len(data)
        if self._missing > 0:
            return
        came = b"".join(held)
        held.clear()
        at = 0
        while (end := came.find(b"\r\n", at)) >= 0 and self._held is held:
            fields = came[at:end].split(b" ")
            if fields[0] == b"MSG" or fields[0] == b"HMSG":
                start = end + 2
                stop = start + _number(fields[-1])
                if len(came) < stop + 2:
                    self._missing = stop + 2 - len(came)
                    break
                message = _message(fields, came, start, stop)
                if not self.nc.hears(*message):
                    await self.nc._process_msg(*message)
                at = stop + 2
            else:
                await super().parse(came[at : end + 2])
                at = end + 2
        if at < len(came) and self._held is held:
            held.append(came[at:])


def _message(fields: list[bytes], came: bytes, start: int, stop: int) -> Heard:
    # MSG subject sid [reply] size, HMSG subject sid [reply] headers' size
    sizes = len(fields[0]) - 2
    body = start + _number(fields[-2]) if sizes == 2 else start
    if len(fields) not in (3 + sizes, 4 + sizes):
        raise ProtocolError
    reply = fields[3] if len(fields) == 4 + sizes else b""
    return _number(fields[2]), fields[1], reply, came[body:stop], came[start:body]


def _number(digits: bytes) -> int:
    if not digits.isdigit():
        raise ProtocolError
    return int(digits)
