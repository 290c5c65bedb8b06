"""What a connection to NATS says of itself: logged, and understood where nobody else would."""

import asyncio
from typing import Protocol

import structlog

log = structlog.get_logger()

REFUSALS_AT_MOST = 3
"""In a row, half a second apart: a server that was just started may be given its users late."""
SAY_AGAIN_AFTER = 10.0
"""Seconds until the same trouble is logged again; the client meets it twice a second."""

_TOO_LATE = 'permissions violation for publish to "_r_.'
"""How the server refuses an answer to another account (in small letters)."""


class Watched(Protocol):
    """A connection, as far as it is told what was heard of it."""

    def is_back(self) -> None:
        """Note that it is connected anew."""

    def lose(self, reason: str) -> None:
        """Give the connection up."""


class Watcher:
    """Hears of a connection. nats-py stops reading for good when a callback raises: none may."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.closing = False
        self.link: Watched | None = None
        self._said: dict[str, float] = {}
        self._refusals = 0

    async def on_error(self, error: Exception) -> None:
        """Log what goes wrong, each once in a while."""
        text = str(error) or type(error).__name__
        self._count_refusals(text)
        now = asyncio.get_running_loop().time()
        self._said = {e: at for e, at in self._said.items() if now - at < SAY_AGAIN_AFTER}
        is_too_late = _TOO_LATE in text.lower()  # each is of another subject
        trouble = _TOO_LATE if is_too_late else text
        if trouble in self._said:
            return
        self._said[trouble] = now
        if is_too_late:
            # The right to answer lasts some seconds: this service was stopped in between, or slow.
            log.warning("reply.too_late", user=self.user)
        elif "permissions violation" in text.lower():
            log.error("nats.permission_missing", user=self.user, error=text)
        else:
            log.warning("nats.awaited", user=self.user, error=text)

    def _count_refusals(self, text: str) -> None:
        """Give up a connection whose user the server does not know any more.

        The client itself would try for ever, and nobody would see why nothing is done.
        """
        self._refusals += "authorization violation" in text.lower()
        if self.link and self._refusals >= REFUSALS_AT_MOST:
            self.link.lose("NATS does not know this user any more")

    async def on_disconnected(self) -> None:
        """Hear that the server is away."""
        if not self.closing:
            log.warning("nats.disconnected", user=self.user)

    async def on_reconnected(self) -> None:
        """Hear that it is back."""
        self._refusals = 0
        if self.link:
            self.link.is_back()
        log.info("nats.reconnected", user=self.user)

    async def on_closed(self) -> None:
        """Give the connection up unless it was to be closed."""
        if self.link and not self.closing:
            self.link.lose("the NATS connection was closed")
