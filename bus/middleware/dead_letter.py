"""Puts a message that nobody could handle into DEAD, with the reason."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import structlog

from bus.delivery import Delivery
from bus.publisher import Publisher

log = structlog.get_logger()

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Buries messages; what is buried can be looked at and replayed."""

    publisher: Publisher

    async def bury(self, delivery: Delivery, error: BaseException) -> None:
        """Publish the delivered message to DEAD with reason, attempts and place of failure."""
        await self.bury_bytes(
            delivery.subject, delivery.payload, delivery.headers, error, attempts=delivery.attempt
        )
        delivery.buried = error

    async def bury_bytes(
        self,
        subject: str,
        payload: bytes,
        headers: Mapping[str, str],
        error: BaseException,
        *,
        attempts: int,
    ) -> None:
        """Publish bytes that could not even be read to DEAD."""
        kept = {
            name: value
            for name, value in headers.items()
            # The server's own headers would give the copy a foreign meaning.
            if not name.lower().startswith("nats-")
        }
        kept |= {
            "Dead-Reason": quote(_reason(error), safe=" :;,.()'=<>/"),
            "Dead-Attempts": str(attempts),
            "Dead-At": quote(_place(error), safe=" :;,.()'=<>/"),
        }
        await self.publisher.publish(f"dead.{subject}", payload, kept)
        log.error("message.dead", message=subject, reason=_reason(error), attempts=attempts)


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:REASON_LENGTH]


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
