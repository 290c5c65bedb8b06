"""Channels: a subject, or a family of subjects, with what travels there and who is at both ends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bus.topology import STREAMS, Consumer
from bus.users import USERS
from contracts.base import (
    Command,
    Event,
    Message,
    Query,
    Reply,
    app_of,
    kind_of,
    name_of,
    outcomes_of,
    reply_types_of,
    subject_of,
)
from contracts.messages import command_types, message_types
from services.discovery import all_apps, bot_apps, told
from switchboard.asyncapi.messages import DEAD_LETTER, REFUSAL, UPDATE
from switchboard.asyncapi.participants import consumers_of, makers, receivers, senders

OUTCOMES = "outcome"
_PARAMETERS = {
    "chat": "Telegram's id of the chat; a private chat has the id of its person.",
    "urgency": "answer, reminder or bulk: which is told first.",
    "outcome": "The event, e.g. document_added.",
    "bot": "The bot whose chat is told.",
    "asker": "The bot instance that waits, as the command's header Asker says.",
    "command": "The Message-Id of the command.",
    "subject": "The subject that the message had in its stream.",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel; `address` is None where the asker chooses it."""

    key: str
    address: str | None
    title: str
    messages: tuple[str, ...]
    kind: str
    app: str = ""
    senders: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    consumers: Mapping[str, list[Consumer]] = field(default_factory=dict)
    """Through which each receiver hears it, where a stream is between."""
    reply: str = ""
    """The key of the channel on which an answer comes."""
    answers: tuple[str, ...] = ()
    """Which messages of that channel these are."""

    @property
    def stream(self) -> str:
        """The stream that takes what is published here, or an empty text."""
        taken = f"{self.kind}."
        for name, stream in STREAMS.items():
            if any(subject.startswith(taken) for subject in stream.subjects or ()):
                return name
        return ""

    def as_object(self) -> dict[str, Any]:
        """Return it as AsyncAPI has it."""
        parameters = [name for name in _PARAMETERS if f"{{{name}}}" in (self.address or "")]
        tags = [self.kind, *([self.app] if self.app else [])]
        return {
            "address": self.address,
            "title": self.title,
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in self.messages},
            **(
                {"parameters": {name: {"description": _PARAMETERS[name]} for name in parameters}}
                if parameters
                else {}
            ),
            "tags": [{"name": tag} for tag in tags],
            **({"x-stream": self.stream} if self.stream else {}),
            "x-senders": list(self.senders),
            "x-receivers": list(self.receivers),
        }


def channels() -> list[Channel]:
    """Return every channel, in the order of a message's way."""
    return [*_updates(), *_typed(), _outcomes(), *_late(), *_notices(), _dead()]


def _updates() -> Iterator[Channel]:
    for app in bot_apps():
        yield Channel(
            key=f"update.{app}",
            address=f"update.{app}.{{chat}}",
            title=f"Updates of the {app} bot; stored as update.<partition>.{app}.<chat>",
            messages=(UPDATE,),
            kind="update",
            app=app,
            senders=("gateway",),
            receivers=("bot",),
        )


def _typed() -> Iterator[Channel]:
    for kind in message_types():
        if issubclass(kind, Reply):
            continue
        channel = _of_type(kind)
        if issubclass(kind, Command):
            yield replace(channel, reply=OUTCOMES, answers=_names(outcomes_of(kind)))
        elif issubclass(kind, Query):
            replies = _replies(kind)
            yield replace(channel, reply=replies.key, answers=replies.messages)
            yield replies
        else:
            yield channel


def _of_type(kind: type[Message]) -> Channel:
    app, what, subject = app_of(kind), kind_of(kind), subject_of(kind)
    return Channel(
        key=subject,
        address=subject,
        title=f"{name_of(kind).replace('_', ' ').capitalize()} ({what} of {app})",
        messages=(kind.__name__,),
        kind=what,
        app=app,
        senders=senders(kind),
        receivers=receivers(kind),
        consumers={service: consumers_of(service, kind) for service in receivers(kind)},
    )


def _replies(kind: type[Query[Any]]) -> Channel:
    return Channel(
        key=f"reply.{app_of(kind)}.{name_of(kind)}",
        address=None,
        title=f"Where {kind.__name__} is answered: the inbox that the request names",
        messages=(*_names(reply_types_of(kind)), REFUSAL),
        kind="reply",
        app=app_of(kind),
        senders=receivers(kind),
        receivers=senders(kind),
    )


def _outcomes() -> Channel:
    return Channel(
        key=OUTCOMES,
        address="outcome.{asker}.{command}",
        title="Where a bot waits for its command's outcome, without headers; it answers `taken`",
        messages=_names(_outcome_types(command_types())),
        kind=OUTCOMES,
        senders=_handling(command_types()),
        receivers=("bot",),
    )


def _late() -> Iterator[Channel]:
    for app in all_apps():
        commands = [kind for kind in command_types() if app_of(kind) == app]
        (consumer,) = (each for each in told(app) if each.stream == "LATE")
        yield Channel(
            key=f"late.{app}",
            address=f"late.{app}.{{outcome}}.{{bot}}.{{chat}}",
            title=f"Outcomes of commands of {app} that nobody waited for any more",
            messages=_names(_outcome_types(commands)),
            kind="late",
            app=app,
            senders=_handling(commands),
            receivers=("notifier",),
            consumers={"notifier": [consumer]},
        )


def _notices() -> Iterator[Channel]:
    for app in bot_apps():
        yield Channel(
            key=f"notice.{app}",
            address=f"notice.{{urgency}}.{app}.{{chat}}",
            title=f"What chats of the {app} bot are told unasked",
            messages=("CommandBuried", "Notice"),
            kind="notice",
            app=app,
            # Who buries a command tells of it by a middleware of the bus.
            senders=tuple(sorted({*makers("Notice"), *makers("telling_of_death")})),
            receivers=("notifier",),
            consumers={"notifier": [each for each in told(app) if each.stream == "NOTICES"]},
        )


def _dead() -> Channel:
    return Channel(
        key="dead",
        address="dead.{subject}",
        title="Messages nobody could handle, until `switchboard dead` replays or drops them",
        messages=(DEAD_LETTER,),
        kind="dead",
        senders=tuple(name for name, user in USERS.items() if user.reads),
        receivers=("operator",),
    )


def _outcome_types(
    commands: Iterable[type[Command[Any]]],
) -> list[type[Event]]:
    return list(dict.fromkeys(outcome for kind in commands for outcome in outcomes_of(kind)))


def _handling(
    commands: Iterable[type[Command[Any]]],
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(service for kind in commands for service in receivers(kind)))


def _names(kinds: Iterable[type[Message]]) -> tuple[str, ...]:
    return tuple(kind.__name__ for kind in kinds)
