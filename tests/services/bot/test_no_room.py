"""NOTICES is full: an answer waits for room, and what was accepted is never said not to be."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import pytest
from nats.js.api import PubAck

from bus.caller import Wire
from bus.errors import NotPublished, Overloaded
from bus.publisher import Publisher
from tests.full_streams import full
from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Talker
from tests.services.bot.test_handed_over import HELD_UP, trouble, waiting


@dataclass(frozen=True)
class RoomComes(Publisher):
    """Finds room in the full stream from the second attempt on."""

    full: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def publish(
        self,
        subject: str,
        payload: bytes,
        headers: Mapping[str, str],
        *,
        deduplicate: str = "",
        deadline: float | None = None,
    ) -> PubAck:
        """Publish; what is refused makes the notifier seem to drain the stream right after."""
        try:
            return await super().publish(
                subject, payload, headers, deduplicate=deduplicate, deadline=deadline
            )
        except Overloaded:
            await self.full.aclose()
            raise


async def test_the_outcome_of_what_was_accepted_waits_for_room(
    anna: Talker, behind: Backstage
) -> None:
    await anna.sends("Blood test.pdf")
    await anna.names_type("Medical")
    review = await anna.presses("Keep")
    await anna.person.presses("Save", review.message_id)
    (update,) = await behind.updates()
    async with AsyncExitStack() as no_room:
        await no_room.enter_async_context(full("NOTICES"))
        wire = behind.handling.wire
        publisher = RoomComes(
            wire.publisher.link, wire.publisher.tracer, wire.publisher.burials, no_room
        )
        handling = replace(behind.handling, wire=Wire(publisher, wire.outcomes))
        async with trouble(anna, method="editMessageText", **HELD_UP):
            with pytest.raises(NotPublished):
                await replace(behind, handling=handling).handle(update)
            # As the bus does: it stays in hand.
            await behind.handle(update)
    (notice,) = await waiting(anna)
    assert notice.screen
    assert notice.screen.text.startswith("Saved: <b>Blood test</b>")
    assert notice.message_id == review.message_id
