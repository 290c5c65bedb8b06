"""What the playground needs to know before it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class PlaygroundSettings:
    """Port 0 takes a free one; `bots` maps an app's name to its token, which is never shown."""

    directory: Path
    bots: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    asyncapi: Path | None = None
    """A document of the messages on the bus, to be shown at /messages."""
