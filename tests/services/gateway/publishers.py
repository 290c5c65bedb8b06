"""Publishers of updates that something happens to."""

import asyncio
from dataclasses import dataclass, field

from bus import NotPublished
from services.gateway.updates import UpdatePublisher


@dataclass(frozen=True)
class Watched:
    """A publisher that says when it was first asked to publish."""

    publisher: UpdatePublisher
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Publish as the other does."""
        self.asked.set()
        await self.publisher.publish_update(app, chat_id, update_id, body)


@dataclass
class Dying:
    """A publisher whose process dies once between publishing and confirming."""

    publisher: UpdatePublisher
    died: bool = False

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Publish as the other does, then die if that is still to come."""
        await self.publisher.publish_update(app, chat_id, update_id, body)
        if not self.died:
            self.died = True
            raise RuntimeError("died")


@dataclass
class Refused:
    """A publisher that fails for so many attempts, as if its bus were away unless told how."""

    publisher: UpdatePublisher
    attempts: int
    error: Exception = field(default_factory=lambda: NotPublished("no acknowledgement"))

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Publish as the other does, once the bus is back."""
        self.attempts -= 1
        if self.attempts >= 0:
            raise self.error
        await self.publisher.publish_update(app, chat_id, update_id, body)


@dataclass
class HeldUp:
    """A publisher that keeps a chat's updates waiting until it is let go."""

    publisher: UpdatePublisher
    chat_id: int
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish_update(self, app: str, chat_id: int, update_id: int, body: bytes) -> None:
        """Publish as the other does, of this chat when it is time."""
        if chat_id == self.chat_id:
            await self.let_go.wait()
        await self.publisher.publish_update(app, chat_id, update_id, body)
