"""An AsyncAPI document, read for people: each message with its subject, both ends and fields."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from services.playground.catalogue.words import Field, fields

KINDS = ("update", "command", "event", "query", "reply", "notice", "refusal", "dead")
_MESSAGES = "#/components/messages/"


class NoCatalogue(Exception):
    """The file is not there, or is no AsyncAPI document; the text says which."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message travels; `subject` is empty for an inbox."""

    subject: str
    stream: str
    senders: tuple[str, ...]
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What the page shows of one message."""

    name: str
    title: str
    kind: str
    app: str
    summary: str
    description: str
    places: tuple[Place, ...]
    fields: tuple[Field, ...]
    leads_to: tuple[str, ...]
    """The outcomes of a command, the replies to a query."""
    comes_of: tuple[str, ...]
    """Commands or queries that this may be the end of."""
    example: str
    headers: str


@dataclass(frozen=True, slots=True)
class Part:
    """A struct inside of messages."""

    name: str
    description: str
    fields: tuple[Field, ...]


class Catalogue:
    """All of a document."""

    def __init__(self, file: Path) -> None:
        """Read it. Raises NoCatalogue."""
        try:
            self._found = json.loads(file.read_text(encoding="utf-8"))
            self._messages: Mapping[str, Any] = self._found["components"]["messages"]
            self._schemas: Mapping[str, Any] = self._found["components"]["schemas"]
            self._channels: Mapping[str, Any] = self._found["channels"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NoCatalogue(f"{file}: {error}") from error

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """All messages, by app and kind."""
        found = [self._message(name, said) for name, said in self._messages.items()]
        return tuple(sorted(found, key=lambda each: (each.app, KINDS.index(each.kind), each.name)))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What messages are made of and no message itself; headers are shown beside examples."""
        return tuple(
            Part(name, said.get("description", ""), tuple(fields(said)))
            for name, said in sorted(self._schemas.items())
            if name not in self._messages and not name.startswith("HeadersOf")
        )

    @property
    def apps(self) -> tuple[str, ...]:
        """The apps whose messages there are."""
        return tuple(sorted({message.app for message in self.messages if message.app}))

    @cached_property
    def _by_subject(self) -> Mapping[str, str]:
        return {
            channel["address"]: name
            for channel in self._channels.values()
            for name in channel["messages"]
            if channel["address"]
        }

    def described(self, subject: str) -> str:
        """Return the message that travels on a subject, or an empty text.

        Subjects are those of spans: ids in them are replaced by words in braces.
        """
        if found := self._by_subject.get(subject):
            return found
        kind, _, rest = subject.partition(".")
        if kind == "late":
            return self._by_subject.get(f"event.{rest}", "")
        return {"notice": "Notice", "dead": "DeadLetter"}.get(kind, "") if rest else ""

    def _message(self, name: str, said: Mapping[str, Any]) -> Message:
        kind, app = [*(tag["name"] for tag in said["tags"]), ""][:2]
        schema = self._schemas.get(str(said["payload"].get("$ref", "")).rpartition("/")[2], {})
        example: Mapping[str, Any] = next(iter(said.get("examples", ())), {})
        return Message(
            name=name,
            title=said["title"],
            kind=kind,
            app=app,
            summary=said["summary"],
            description=said.get("description", ""),
            places=tuple(self._places(name)),
            fields=tuple(fields(schema)),
            leads_to=_names(said.get("x-outcomes", said.get("x-replies", ()))),
            comes_of=self._comes_of(name),
            example=_pretty(example.get("payload")),
            headers=_pretty(example.get("headers")),
        )

    def _places(self, name: str) -> Iterable[Place]:
        for channel in self._channels.values():
            if name in channel["messages"]:
                yield Place(
                    subject=channel["address"] or "",
                    stream=channel.get("x-stream", ""),
                    senders=tuple(channel.get("x-senders", ())),
                    receivers=tuple(channel.get("x-receivers", ())),
                )

    def _comes_of(self, name: str) -> tuple[str, ...]:
        return tuple(
            other
            for other, said in self._messages.items()
            if name in _names([*said.get("x-outcomes", ()), *said.get("x-replies", ())])
        )


def _names(references: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(reference["$ref"].removeprefix(_MESSAGES) for reference in references)


def _pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
