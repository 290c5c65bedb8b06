"""One attempt to connect, for who wants to know why it fails; services use bus.connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from pydantic import SecretStr

from bus.address import read_address
from bus.client import Client
from bus.connection import REQUEST_TIMEOUT
from bus.errors import BusError

CONNECT_WITHIN = 3.0
CLOSE_WITHIN = 2.0


class Unreachable(BusError):
    """NATS cannot be reached, or does not want this user; the text says why."""


class NotAllowed(BusError):
    """A user may not publish what it was asked to."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A connection that does not outlive its server, and what the server complained of."""

    client: Client
    jetstream: JetStreamContext
    errors: list[str]

    async def request(
        self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """Ask, and return the answer's bytes, empty for a status.

        Raises:
            NotAllowed: the user may not publish there, or nobody takes it.
        """
        told = len(self.errors)
        try:
            reply = await self.client.request(
                subject, payload, timeout=REQUEST_TIMEOUT, headers=headers
            )
        except (NatsError, TimeoutError) as error:
            told_why = [text for text in self.errors[told:] if "permission" in text.lower()]
            raise NotAllowed(*told_why or [str(error) or "no answer"]) from None
        return reply.data


@asynccontextmanager
async def attempt(url: str, user: str, seed: SecretStr) -> AsyncIterator[Attempt]:
    """Connect once.

    Raises:
        Unreachable: there is no server, or it refuses the user.
    """
    errors: list[str] = []

    async def note(error: Exception) -> None:
        errors.append(str(error) or type(error).__name__)

    client = Client()
    try:
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                address, tls = read_address(url)
                await client.connect(
                    address,
                    name="doctor",
                    tls=tls,
                    nkeys_seed_str=seed.get_secret_value(),
                    inbox_prefix=f"_INBOX.{user}".encode(),
                    error_cb=note,
                    allow_reconnect=False,
                    connect_timeout=2,
                )
        except Exception as error:  # noqa: BLE001 # nkeys, ssl and nats have errors of their own
            raise Unreachable(errors[-1] if errors else str(error) or "no answer") from None
        yield Attempt(client, client.jetstream(timeout=REQUEST_TIMEOUT), errors)
    finally:
        with suppress(Exception):
            async with asyncio.timeout(CLOSE_WITHIN):
                await client.close()
