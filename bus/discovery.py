"""Answers `$SRV.PING`, `INFO` and `STATS`, in the form that the NATS CLI validates."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.nuid import NUID

from bus.connection import Link
from bus.topology import OWNER
from contracts.base import Message, app_of, reply_types_of

PREFIX = "$SRV"
TYPE = "io.nats.micro.v1"
SCHEMAS = "docs/asyncapi.json#/components/schemas/"
"""Where the JSON schema of a message is found by its name."""


@dataclass(slots=True)
class Endpoint:
    """One query and how often, how fast and how well it was answered; times in nanoseconds."""

    name: str
    subject: str
    queue_group: str
    metadata: dict[str, str]
    requests: int = 0
    errors: int = 0
    last_error: str = ""
    processing_time: int = 0

    def count(self, nanoseconds: int, error: str) -> None:
        """Count one request; `error` is empty when it was answered."""
        self.requests += 1
        self.processing_time += nanoseconds
        if error:
            self.errors += 1
            self.last_error = error

    def info(self) -> dict[str, Any]:
        """Return what INFO says of it."""
        return {
            "name": self.name,
            "subject": self.subject,
            "queue_group": self.queue_group,
            "metadata": self.metadata,
        }

    def stats(self) -> dict[str, Any]:
        """Return what STATS says of it."""
        return {
            "name": self.name,
            "subject": self.subject,
            "queue_group": self.queue_group,
            "num_requests": self.requests,
            "num_errors": self.errors,
            "last_error": self.last_error,
            "processing_time": self.processing_time,
            "average_processing_time": self.processing_time // max(self.requests, 1),
        }


@dataclass(slots=True)
class ServiceDescription:
    """A service as discovery shows it; `version` is semantic."""

    name: str
    version: str
    description: str
    metadata: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: NUID().next().decode())
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    endpoints: list[Endpoint] = field(default_factory=list)

    def add_endpoint(
        self, name: str, subject: str, queue_group: str, message_type: type[Message]
    ) -> Endpoint:
        """Add a query that the service answers; the query's docstring describes it."""
        metadata = {
            "description": (message_type.__doc__ or "").strip().splitlines()[0],
            "app": app_of(message_type),
            "message": message_type.__name__,
            "reply": " or ".join(reply.__name__ for reply in reply_types_of(message_type)),
            "schema": f"{SCHEMAS}{message_type.__name__}",
        }
        endpoint = Endpoint(name, subject, queue_group, metadata)
        self.endpoints.append(endpoint)
        return endpoint

    def answer(self, verb: str) -> bytes:
        """Return the answer to PING, INFO or STATS as JSON."""
        answer: dict[str, Any] = {
            "type": f"{TYPE}.{verb.lower()}_response",
            "name": self.name,
            "id": self.id,
            "version": self.version,
            "metadata": {**OWNER, **self.metadata},
        }
        if verb == "INFO":
            answer["description"] = self.description
            answer["endpoints"] = [endpoint.info() for endpoint in self.endpoints]
        if verb == "STATS":
            answer["started"] = self.started.isoformat().replace("+00:00", "Z")
            answer["endpoints"] = [endpoint.stats() for endpoint in self.endpoints]
        return msgspec.json.encode(answer)


async def answer_discovery(link: Link, description: ServiceDescription) -> list[Subscription]:
    """Answer all three verbs: asked of everyone, of this name, and of this instance."""
    subscriptions = []
    for verb in ("PING", "INFO", "STATS"):
        for suffix in ("", f".{description.name}", f".{description.name}.{description.id}"):
            subscriptions.append(
                await link.client.subscribe(
                    f"{PREFIX}.{verb}{suffix}", cb=_answerer(link, description, verb)
                )
            )
    return subscriptions


def _answerer(
    link: Link, description: ServiceDescription, verb: str
) -> Callable[[Msg], Awaitable[None]]:
    async def answer(message: Msg) -> None:
        if not link.forgeries.is_honest(message):
            return
        try:
            await link.client.publish(message.reply, description.answer(verb))
        except (NatsError, OSError):
            return  # who asked will ask again

    return answer
