"""What exists on the server: streams and consumers. One table.

`provision` applies it; services only bind to what exists. Who may do what: `bus/users.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    SubjectTransform,
)

from bus.users import USERS

PARTITIONS = 8
"""Updates of one chat always fall into the same partition, whose updates are handled in turn."""
_BY_CHAT = f"{{{{partition({PARTITIONS},1,2)}}}}"
ACK_WAIT = 10.0
"""Seconds until a message that nobody settled is delivered again; heartbeats come far sooner."""
MAX_IN_HAND = 256
DUPLICATE_WINDOW = 120.0
DAY = 24 * 60 * 60.0
MIB = 1024 * 1024
OWNER = {"owner": "switchboard"}
"""Metadata of all that is ours: what others made is left alone."""


def _stream(name: str, subjects: list[str], description: str, **changes: object) -> StreamConfig:
    config = StreamConfig(
        name=name,
        subjects=subjects,
        description=description,
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        # A full stream refuses; dropping old messages would lose accepted work.
        discard=DiscardPolicy.NEW,
        max_bytes=256 * MIB,
        duplicate_window=DUPLICATE_WINDOW,
        # Lets `nats stream view` look into a work queue, too.
        allow_direct=True,
        metadata={**OWNER, **_said_of(name, subjects)},
    )
    return config.evolve(**changes)


def _said_of(stream: str, subjects: Sequence[str]) -> dict[str, str]:
    """Return what `nats stream info` shows beside the description: who is on either side."""
    kind = subjects[0].partition(".")[0]
    writers = [
        name
        for name, user in USERS.items()
        if any(subject.startswith(f"{kind}.") for subject in user.publishes)
        or (kind == "dead" and user.reads)  # whoever reads a stream may bury what it reads
    ]
    readers = [name for name, user in USERS.items() if stream in user.reads]
    return {
        "written-by": ", ".join(writers),
        "read-by": ", ".join(readers) or "operator",
        "docs": "docs/operating.md#streams",
    }


STREAMS: Mapping[str, StreamConfig] = {
    stream.name: stream
    for stream in (
        _stream(
            "UPDATES",
            ["update.*.*"],
            "What Telegram sent, until a bot has handled it",
            subject_transform=SubjectTransform(
                src="update.*.*",
                dest=f"update.{_BY_CHAT}.{{{{wildcard(1)}}}}.{{{{wildcard(2)}}}}",
            ),
        ),
        _stream("COMMANDS", ["command.>"], "Work to be done, until it is done"),
        _stream(
            "EVENTS",
            ["event.>"],
            "What happened, for a week",
            retention=RetentionPolicy.LIMITS,
            max_age=7 * DAY,
            # Full, it would hold up all work: what happened must be said before a command is done.
            max_bytes=512 * MIB,
        ),
        _stream("LATE", ["late.>"], "Outcomes nobody waited for any more, until they are told"),
        _stream("NOTICES", ["notice.>"], "What chats are to be told, until Telegram took it"),
        _stream(
            "DEAD",
            ["dead.>"],
            "Messages nobody could handle, for a month",
            retention=RetentionPolicy.LIMITS,
            max_age=30 * DAY,
            # Nothing waits for what is dead, but burying must always be possible.
            discard=DiscardPolicy.OLD,
        ),
    )
    if stream.name
}


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable consumer: the place in a stream from which copies of one service share work."""

    stream: str
    name: str
    subjects: tuple[str, ...]
    description: str
    in_order: bool = False
    """Whether the next message waits until the one in hand is settled."""

    def config(self) -> ConsumerConfig:
        """Return what the server keeps of it."""
        service, app, *_ = [*self.name.split("-"), ""]
        return ConsumerConfig(
            durable_name=self.name,
            description=self.description,
            filter_subjects=list(self.subjects),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT,
            # How often is decided by the retry policy, which tells trouble from bugs.
            max_deliver=-1,
            max_ack_pending=1 if self.in_order else MAX_IN_HAND,
            max_waiting=64,
            metadata={**OWNER, "service": service, "app": app},
        )


def update_consumers(app: str) -> list[Consumer]:
    """Return the consumers of one app's updates, a partition each."""
    return [
        Consumer(
            stream="UPDATES",
            name=f"bot-{app}-{partition}",
            subjects=(f"update.{partition}.{app}.*",),
            description=f"Updates of the {app} bot, partition {partition} of {PARTITIONS} by chat",
            in_order=True,
        )
        for partition in range(PARTITIONS)
    ]


_HEARD = {
    "COMMANDS": "Commands of {app}, which {service} carries out",
    "EVENTS": "Events that {service} acts upon for {app}",
    "LATE": "Outcomes of commands of {app} that {service} still has to tell",
    "NOTICES": "Answers and news that {service} tells chats of {app}",
}
"""What a service does with an app's messages, by stream."""


def service_consumer(service: str, app: str, stream: str, subjects: Sequence[str]) -> Consumer:
    """Return the consumer through which a service hears an app's messages of one stream."""
    return Consumer(
        stream=stream,
        name=f"{service}-{app}",
        subjects=tuple(sorted(subjects)),
        description=_HEARD[stream].format(service=service, app=app),
    )
