"""Messages that nobody can handle: not text, not JSON, foreign, too large, under every subject."""

import asyncio
import random
from dataclasses import dataclass, field

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from services.discovery import consumers

HEADER = "Poison"
SUBJECTS = (
    "update.documents.{person}",
    "command.documents.add_document",
    "command.documents.rename_document",
    "command.people.remember_person",
    "command.files.keep_upload",
    "event.documents.expiry_near",
    "event.files.upload_kept",
    "late.documents.document_added.documents.{person}",
    "late.files.link_created.documents.{person}",
    "notice.answer.documents.{person}",
    "notice.reminder.people.{person}",
    "notice.bulk.documents.{person}",
    "command.calendar.remind_of_task",
    "command.broadcasts.pause_mailing",
    "event.calendar.task_due",
    "event.broadcasts.recipients_addressed",
    "event.notices.notices_ended",
)
AT_ONCE = 5
ATTEMPTS = 20


def hearers(subject: str) -> int:
    """Return how many consumers hear a subject: an event is buried by each of them."""
    if not subject.startswith("event."):
        return 1
    return sum(subject in each.subjects for each in consumers() if each.stream == "EVENTS")


async def _publish(
    bus: JetStreamContext, subject: str, payload: bytes, headers: dict[str, str]
) -> None:
    for attempt in range(ATTEMPTS):
        try:
            await bus.publish(subject, payload, headers=dict(headers), timeout=2)
        except (NatsError, TimeoutError):
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.5)
        else:
            return


@dataclass(frozen=True)
class Given:
    """Poison in words, and how many letters it becomes."""

    what: str
    letters: int


@dataclass(frozen=True)
class Letter:
    """A letter of DEAD: which poison it was, or 0, and what is said of it."""

    poison: int
    subject: str
    reason: str


@dataclass
class Poisoner:
    """Publishes poison under numbers, and knows it again in DEAD."""

    chance: random.Random
    person: int
    given: dict[int, Given] = field(default_factory=dict)

    async def inject(self, bus: JetStreamContext) -> None:
        """Publish something bad on some of the subjects, until the server says it has it."""
        for subject in self.chance.sample(SUBJECTS, k=AT_ONCE):
            number = len(self.given) + 1
            where = subject.format(person=self.person)
            payload, kind, headers = self._payload(number)
            self.given[number] = Given(f"{kind} on {where}", hearers(subject))
            headers |= {HEADER: str(number), "Nats-Msg-Id": f"poison-{number}"}
            await _publish(bus, where, payload, headers)

    def _payload(self, number: int) -> tuple[bytes, str, dict[str, str]]:
        known = {"Message-Id": f"poison-{number}", "Actor": "1@documents", "Chat": "1"}
        kinds: list[tuple[bytes, str, dict[str, str]]] = [
            (b"\xff\xfe\x00" + bytes(range(128, 256)), "not text", known),
            (b"", "nothing", known),
            (b'{"type":"NoSuchMessage","x":1}', "foreign", known),
            (b'{"type":"AddDocument","type_id":-1,"name":""}', "beyond limits", known),
            (b"[" * 20_000, "nested", known),
            (b'{"name":"' + b"x" * 200_000, "too large", known),
            (b'{"stream":"EVENTS","seq":7}', "acknowledgement", {}),
            (b"{}", "without headers", {"Message-Id": "no id!", "Actor": "nobody"}),
        ]
        return self.chance.choice(kinds)


async def read_letters(bus: JetStreamContext) -> list[Letter]:
    """Return all letters of DEAD in their order."""
    state = (await bus.stream_info("DEAD")).state
    letters = []
    for number in range(max(1, state.first_seq), state.last_seq + 1):
        try:
            found = await bus.get_msg("DEAD", number)
        except NotFoundError:
            continue
        headers = found.headers or {}
        reason = f"{headers.get('Dead-Reason', '')} at {headers.get('Dead-At', '')}"
        letters.append(Letter(int(headers.get(HEADER, "0")), found.subject or "", reason))
    return letters
