"""Dead letters made by hand, for tests of what is done with them."""

import json
from collections.abc import Mapping

from bus.graveyard import Graveyard
from bus.letters import Letter
from tests.bus.bench import Bench

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ORIGIN = f"00-{TRACE}-00f067aa0ba902b7-01"
OWN = {
    "Message-Id": "documents-8-1",
    "Actor": "1001@documents",
    "Chat": "1001",
    "Locale": "ru",
    "traceparent": ORIGIN,
}
"""The headers of a command."""
DEAD = {
    "Dead-Reason": "KeyError: %27name%27",
    "Dead-Attempts": "4",
    "Dead-At": "documents.py:17",
}
ADD_TYPE = "command.documents.add_type"
BODY = json.dumps({"type": "AddType", "name": "Паспорта", "emoji": ""}).encode()


async def bury(
    bench: Bench, subject: str = ADD_TYPE, body: bytes = BODY, headers: Mapping[str, str] = OWN
) -> int:
    """Put a letter into DEAD and return its number."""
    jetstream = (await bench.link("operator")).jetstream
    ack = await jetstream.publish(f"dead.{subject}", body, headers={**headers, **DEAD})
    return ack.seq


async def letters_of(bench: Bench) -> list[Letter]:
    """Return what DEAD lists."""
    graveyard = Graveyard(await bench.link("operator"))
    return [letter async for letter in graveyard.letters()]
