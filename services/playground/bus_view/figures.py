"""What the tab needs to know of the bus, whoever finds it out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class ConsumerFigures(Protocol):
    """How far a consumer is behind."""

    @property
    def name(self) -> str: ...
    @property
    def num_pending(self) -> int: ...
    @property
    def num_ack_pending(self) -> int: ...
    @property
    def num_redelivered(self) -> int: ...


class StreamFigures(Protocol):
    """What a stream holds."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def messages(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def first(self) -> datetime | None: ...
    @property
    def last(self) -> datetime | None: ...
    @property
    def consumers(self) -> Sequence[ConsumerFigures]: ...


class SubjectFigures(Protocol):
    """How many messages passed: altogether, and in each of the last sixty seconds."""

    @property
    def subject(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def last_minute(self) -> Sequence[int]: ...


class BusFigures(Protocol):
    """The bus at one moment."""

    @property
    def streams(self) -> Sequence[StreamFigures]: ...
    @property
    def subjects(self) -> Sequence[SubjectFigures]: ...


class BusWatch(Protocol):
    """Looks at the bus."""

    async def look(self) -> BusFigures | None:
        """The bus as it is; None while it is away."""
