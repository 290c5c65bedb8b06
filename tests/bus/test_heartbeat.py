"""Heartbeats: of all that is in hand, again and again, and of nothing else."""

import asyncio
from contextvars import ContextVar

import pytest

from bus.middleware import heartbeat as beating
from contracts.documents import AddType
from tests.bus.handlers import add_type
from tests.bus.waiting import eventually
from tests.services.storage.delivering import delivered, new_message_id

IN_HAND = ContextVar("IN_HAND", default="nobody")


class Beaten:
    """A message that counts its heartbeats; the first finds no server."""

    def __init__(self) -> None:
        self.beats = 0
        self.said_as_of = set[str]()

    async def in_progress(self) -> None:
        """Count."""
        self.beats += 1
        self.said_as_of.add(IN_HAND.get())
        if self.beats == 1:
            raise ConnectionError


async def test_all_in_hand_beat_again_and_again_and_what_has_ended_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beating, "INTERVAL", 0.02)
    messages, ends = [Beaten() for _ in range(3)], [asyncio.Event() for _ in range(3)]

    async def handle(message: Beaten, end: asyncio.Event) -> float:
        IN_HAND.set("the message that came first")
        delivery = delivered(add_type, AddType(name="x"), new_message_id())
        delivery.acknowledgement = message

        async def wait(_: object) -> None:
            await end.wait()

        began = delivery.beaten_at
        await beating.heartbeat(delivery, wait)
        return delivery.beaten_at - began

    async def have_beaten(*which: int, beats: int = 3) -> bool:
        return all(messages[each].beats >= beats for each in which)

    tasks = [asyncio.create_task(handle(*each)) for each in zip(messages, ends, strict=True)]
    await eventually(lambda: have_beaten(0, 1, 2))
    ends[0].set()
    assert await tasks[0] > 0  # the server is known to have heard of it
    ended_with = messages[0].beats
    more = messages[1].beats + 3
    await eventually(lambda: have_beaten(1, 2, beats=more))
    assert messages[0].beats == ended_with
    for end in ends:
        end.set()
    await asyncio.gather(*tasks)
    # What looks after all outlives each, and must hold nothing of them.
    assert {who for message in messages for who in message.said_as_of} == {"nobody"}
