"""What became of mailings: rows, counts and chats are held against each other."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from services.notifier.service import TOLD_AT_ONCE
from services.told import CLAIM_SECONDS
from tests.faults.doubles import SHOW_NOTHING
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed, Sight
from tests.faults.mailings import Sending
from tests.faults.schedule import TELEGRAM, UNKNOWN_FATE

SLOTS = TOLD_AT_ONCE["bulk"]
"""How many of a mailing one copy of the notifier tells at once: those have an open fate."""
ENDS: Mapping[str, str] = {
    "everybody": "finished",
    "paused": "finished",
    "cancelled": "cancelled",
}

_MAILINGS = """
SELECT id, title, state, people, done, failed, waiting, on_their_way,
    extract(epoch FROM started_at)::float AS began
FROM mailings ORDER BY id
"""
_RECIPIENTS = """
SELECT mailing_id, person_id, state, result, extract(epoch FROM told_at)::float AS told_at
FROM mailing_recipients ORDER BY mailing_id, person_id
"""
_TALLIES = """
SELECT mailing_id, result, sum(people)::int AS people FROM mailing_tallies
WHERE number = 0 GROUP BY mailing_id, result
"""


@dataclass(frozen=True)
class Recipient:
    """A recipient as storage has them; `told_at` in seconds since the epoch."""

    person: int
    state: str
    result: str
    told_at: float | None


@dataclass(frozen=True)
class Mailing:
    """A mailing as storage has it, with its recipients and how many ended in which way."""

    text: str
    state: str
    people: int
    done: int
    failed: int
    waiting: int
    on_their_way: int
    began: float
    recipients: tuple[Recipient, ...] = ()
    tallies: tuple[tuple[str, int], ...] = ()

    @property
    def results(self) -> Counter[str]:
        """How many recipients ended in which way."""
        return Counter(each.result for each in self.recipients if each.state == "ended")


Seen = Mapping[tuple[int, str], list[float]]
"""By person and text: when each message of a mailing came to a chat."""


async def read_mailings(database: asyncpg.Connection) -> list[Mailing]:
    """Return all mailings."""
    recipients, tallies = await database.fetch(_RECIPIENTS), await database.fetch(_TALLIES)
    found = []
    for row in await database.fetch(_MAILINGS):
        fields = dict(row)
        own_id, text = fields.pop("id"), fields.pop("title")
        people = tuple(
            Recipient(each["person_id"], each["state"], each["result"], each["told_at"])
            for each in recipients
            if each["mailing_id"] == own_id
        )
        counts = tuple(
            (each["result"], each["people"])
            for each in tallies
            if each["mailing_id"] == own_id and each["people"]
        )
        fields["began"] = fields["began"] or 0.0
        found.append(Mailing(text=text, recipients=people, tallies=counts, **fields))
    return found


def judge_mailings(
    mailings: Sequence[Mailing], sendings: Sequence[Sending], seen: Seen, never: set[int]
) -> Iterator[str]:
    """Each was carried out once, has ended, and its rows, counts and chats say the same."""
    by_text = {each.text: each for each in mailings}
    if Counter(each.text for each in mailings) != Counter(each.text for each in sendings):
        yield f"asked for {len(sendings)} mailings, and there are {[m.text for m in mailings]}"
    for sending in sendings:
        if sending.text in by_text:
            mailing = by_text[sending.text]
            yield from _judge_counts(mailing, ENDS[sending.fate])
            yield from _judge_recipients(mailing, seen)
            yield from _judge_pause(mailing, sending)
    recipients = {(r.person, m.text) for m in mailings for r in m.recipients}
    for person, text in seen:
        if (person, text) not in recipients or person in never:
            yield f"{text} came to person {person}, for whom it was not"


def _judge_counts(mailing: Mailing, end: str) -> Iterator[str]:
    results = mailing.results
    states = Counter(each.state for each in mailing.recipients)
    told = results["told"]
    found = (mailing.state, mailing.people, mailing.done, mailing.failed, mailing.waiting)
    expected = (end, sum(states.values()), told, states["ended"] - told, states["waiting"])
    if found != expected or mailing.on_their_way or states["addressed"]:
        yield f"{mailing.text} has {found}, on their way {mailing.on_their_way}: rows {expected}"
    if end == "finished" and states["waiting"]:
        yield f"{mailing.text} has finished, and {states['waiting']} wait"
    if Counter(dict(mailing.tallies)) != results:
        yield f"{mailing.text} counts {mailing.tallies}, its rows say {dict(results)}"


def _judge_recipients(mailing: Mailing, seen: Seen) -> Iterator[str]:
    for each in mailing.recipients:
        times = len(seen.get((each.person, mailing.text), []))
        about = f"{mailing.text}, person {each.person}: {each.state} {each.result}"
        match each.result:
            case "told":  # how often is judged with the faults that admit it
                if not times:
                    yield f"{about}, and it never came"
            case "fate_unknown":
                if times > 1:
                    yield f"{about}, and it came {times} times"
            case "" | "blocked" | "unreachable" | "opted_out":
                if times:
                    yield f"{about}, and it came {times} times"
            case _:
                yield f"{about}, for no reason"


def _judge_pause(mailing: Mailing, sending: Sending) -> Iterator[str]:
    """Nobody who had to wait is told before it goes on; a row is written after that."""
    for each in mailing.recipients:
        is_early = each.told_at and each.told_at < sending.resumed_at
        if each.person in sending.waiting and is_early:
            yield f"{mailing.text} was told to person {each.person} while it was paused"


def tellings(mailings: Sequence[Mailing], seen: Seen) -> list[Deed]:
    """Return each message that came as a deed, with when it did."""
    began = {each.text: each.began for each in mailings}
    return [
        Deed(person, "mailing", text, (), at=began.get(text, 0.0), ended_at=sorted(at))
        for (person, text), at in seen.items()
    ]


def admits_doubles(injury: Injury) -> bool:
    """Whether a fault can have somebody told twice: the notifier does not know what it has told.

    What Telegram does not answer is not told again.
    """
    fault = injury.fault
    if fault.detail in SHOW_NOTHING:
        return False
    if fault.kind in ("kill", "pause"):
        return fault.target in ("notifier", "redis")
    if fault.kind == "network":
        return fault.target == "notifier:redis"
    # Whoever is told to stop waits for Telegram's answers for some seconds only.
    return fault.kind == "rolling restart"


def doubles_at_most(injury: Injury, _: Sequence[Deed]) -> int:
    """Return how many may be told twice because of a fault: what one copy has in hand."""
    return SLOTS if admits_doubles(injury) else 0


def unknown_at_most(injury: Injury) -> int:
    """Return of how many recipients the fate may be unknown because of a fault.

    What one copy has in hand, once for each time that it waits for an answer in vain; or as many as
    calls go wrong.
    """
    fault = injury.fault
    waits = 1 + int((injury.healed - injury.began) / CLAIM_SECONDS)
    if fault.detail in SHOW_NOTHING:
        return 0
    if fault.kind in ("kill", "pause", "network"):
        leaves = {"kill": "telegram", "pause": "telegram notifier", "network": "notifier:telegram"}
        return SLOTS * waits if fault.target in leaves[fault.kind].split() else 0
    orders = {**TELEGRAM, **UNKNOWN_FATE}.get(fault.detail, {})
    goes_wrong = orders.get("code", 0) >= 500 or fault.kind == "unknown fate"
    return int(orders.get("times", 0)) if goes_wrong else 0


def judge_unknown(mailings: Sequence[Mailing], injuries: Sequence[Injury]) -> Iterator[str]:
    """A fate is unknown where Telegram did not answer, and nowhere else."""
    allowed = sum(map(unknown_at_most, injuries))
    unknown = [r for m in mailings for r in m.recipients if r.result == "fate_unknown"]
    if len(unknown) > allowed:
        yield f"the fate of {len(unknown)} recipients is unknown, and faults admit {allowed}"
    leaving = [injury for injury in injuries if unknown_at_most(injury)]
    for each in unknown:
        if not any(injury.began < (each.told_at or 0.0) for injury in leaving):
            yield f"the fate of person {each.person} is unknown before any fault admits that"


def counted(mailings: Sequence[Mailing]) -> dict[str, int]:
    """Return how many recipients there were, and how many ended in which way."""
    counts: Counter[str] = Counter()
    for mailing in mailings:
        counts.update(each.result or "never addressed" for each in mailing.recipients)
    return {"recipients": counts.total(), **counts}


def judge_progress(mailings: Sequence[Mailing], sights: Sequence[Sight]) -> Iterator[str]:
    """The last word that its author is told of a mailing says what its rows say."""
    for mailing in mailings:
        about = [each.text for each in sights if each.text.startswith(f"{mailing.text}\n")]
        word = {"finished": "Sent", "cancelled": "Cancelled"}.get(mailing.state, "")
        expected = f"{mailing.text}\n{word}\n", f"\nSent: {mailing.done} of {mailing.people}"
        if not about or not all(part in about[-1] for part in expected):
            yield f"of {mailing.text} its author was told last {about[-1:]}, and not {expected}"
