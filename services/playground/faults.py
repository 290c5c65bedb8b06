"""Faults on order: what shall go wrong with the next calls of a method."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.playground.bots import Bot
from services.playground.errors import ApiError
from services.playground.parameters import Parameters

ANY_METHOD = "*"
DEFAULT_DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Fault(BaseModel):
    """What goes wrong; delays are seconds. A fault that only delays lets the call succeed.

    `withhold` carries the call out and says nothing for so long, then closes the connection.
    `repeat` and `shuffle` are for getUpdates: so many updates that were handed out before come once
    more, ahead of the new ones, and all of them in an order that follows from this number.
    """

    model_config = ConfigDict(extra="forbid")

    method: str = ANY_METHOD
    bot: str | None = None
    chat: int | None = None
    code: int | None = Field(None, ge=400, le=599)
    description: str | None = None
    retry_after: int | None = Field(None, ge=1)
    delay: float = Field(0, ge=0, le=60)
    disconnect: bool = False
    withhold: float = Field(0, ge=0, le=120)
    repeat: int = Field(0, ge=0, le=100)
    shuffle: int | None = None
    times: int = Field(1, ge=1)

    def matches(self, bot: Bot, method: str, parameters: Parameters) -> bool:
        """Whether the fault is meant for this call."""
        return (
            self.method.lower() in (ANY_METHOD, method.lower())
            and self.bot in (None, bot.app)
            and (self.chat is None or str(self.chat) == str(parameters.fields.get("chat_id")))
        )

    @property
    def hides_answer(self) -> bool:
        """Whether the call is carried out, and its client will never know."""
        return self.disconnect or self.withhold > 0

    def rearranged(
        self, updates: list[dict[str, Any]], before: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return what getUpdates answers, given what it answered `before`."""
        again = before[-self.repeat :] if self.repeat else ()
        mixed = [*again, *updates]
        if self.shuffle is not None:
            random.Random(self.shuffle).shuffle(mixed)  # noqa: S311 - the order shall be repeatable
        return mixed

    def error(self) -> ApiError | None:
        """What the call is answered with; None lets it through."""
        if self.retry_after is not None:
            text = self.description or f"Too Many Requests: retry after {self.retry_after}"
            return ApiError(self.code or 429, text, self.retry_after)
        if self.code is not None:
            text = self.description or DEFAULT_DESCRIPTIONS.get(self.code, "Error")
            return ApiError(self.code, text)
        return None


@dataclass
class Faults:
    """The faults still to happen, in the order they were asked for."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Let it go wrong from now on."""
        self.pending.append(fault)

    def take(self, bot: Bot, method: str, parameters: Parameters) -> Fault | None:
        """The fault this call runs into, counted down."""
        for fault in self.pending:
            if fault.matches(bot, method, parameters):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """What is still to happen."""
        return [fault.model_dump(exclude_none=True) for fault in self.pending]
