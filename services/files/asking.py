"""Questions that making a file needs answered, asked over the bus on behalf of who acts."""

from dataclasses import dataclass
from typing import TypeVar

from bus import Envelope
from bus.caller import ask
from bus.publisher import Publisher
from contracts.base import Query, Reply

ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(frozen=True, slots=True)
class Questions:
    """The way to `query`, for handlers."""

    publisher: Publisher

    async def ask(self, query: Query[ReplyT], cause: Envelope) -> ReplyT:
        """Return the answer for whoever sent `cause`.

        Raises QueryUnavailable while nobody answers, and QueryFailed.
        """
        return await ask(query, self.publisher, cause)
