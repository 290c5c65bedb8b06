"""Endings that a chat shows again: which fault is why, and how often one fault may be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from services.told import CLAIM_SECONDS
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed
from tests.faults.schedule import UNKNOWN_FATE

SENDERS = ("bot", "notifier")
ASKED = ("redis", "telegram")
SHOW_NOTHING = ("latency", "poll cut off")
"""What only makes slow, and what cuts off nothing but calls that show nothing."""
SETTLES = 5.0
"""Seconds from the moment a message is seen until its sender has written that down, at most."""


@dataclass(frozen=True)
class Repeat:
    """An ending that stands in one message more: seen `before`, and seen `again`."""

    deed: Deed
    before: float
    again: float


@dataclass(eq=False)
class Attribution:
    """Which repeats are explained by which fault, and which are not, and why."""

    explained: list[tuple[Deed, str]] = field(default_factory=list)
    unexplained: list[tuple[Deed, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Rules:
    """Which faults admit that something is shown again, and of how many deeds one may be why."""

    admits: Callable[[Injury], bool]
    at_most: Callable[[Injury, Sequence[Deed]], int]


def admits_doubles(injury: Injury) -> bool:
    """Whether a fault leaves sends of unknown fate: Telegram has no idempotency key."""
    fault = injury.fault
    if fault.detail in SHOW_NOTHING:
        return False
    match fault.kind:
        case "kill" | "pause":
            return fault.target in (*SENDERS, *ASKED)
        case "network":
            service, _, dependency = fault.target.partition(":")
            return service in SENDERS and dependency in ASKED
        case kind:
            return kind == "unknown fate"


def at_most(injury: Injury, deeds: Sequence[Deed]) -> int:
    """Return how many endings may be shown again because of a fault.

    As many as the calls that Telegram left without an answer, else as many as commands were in
    flight at its beginning or its healing.
    """
    if not admits_doubles(injury):
        return 0
    if injury.fault.kind == "unknown fate":
        return int(UNKNOWN_FATE[injury.fault.detail]["times"])
    moments = (injury.began, injury.healed)
    return sum(any(_is_in_flight(deed, moment) for moment in moments) for deed in deeds)


def attribute(
    deeds: Sequence[Deed], injuries: Sequence[Injury], rules: Rules | None = None
) -> Attribution:
    """Find for each repeated ending a fault that explains it and has room for it."""
    rules = rules or Rules(admits_doubles, at_most)
    found = Attribution()
    room = {number: rules.at_most(injury, deeds) for number, injury in enumerate(injuries)}
    taken: dict[int, list[tuple[Repeat, list[int]]]] = {number: [] for number in room}
    for repeat in _repeats(deeds):
        causes = [
            number
            for number, injury in enumerate(injuries)
            if rules.admits(injury) and _explains(injury, repeat)
        ]
        if not causes:
            found.unexplained.append((repeat.deed, "for no reason"))
        elif not _place((repeat, causes), taken, room, set()):
            names = sorted({injuries[number].fault.name for number in causes})
            found.unexplained.append((repeat.deed, f"more than were in flight at {names}"))
    for number, placed in taken.items():
        found.explained += [(repeat.deed, injuries[number].fault.name) for repeat, _ in placed]
    return found


def _repeats(deeds: Sequence[Deed]) -> Iterator[Repeat]:
    for deed in deeds:
        for before, again in pairwise(sorted(deed.ended_at)):
            yield Repeat(deed, before, again)


def _explains(injury: Injury, repeat: Repeat) -> bool:
    """Whether the fate of what was seen first was open because of a fault.

    Only while the fault lasts, and until claims of then have expired. The second message may come
    at any time later: until then it waits like everything else.
    """
    was_open = injury.began - SETTLES < repeat.before < injury.healed + CLAIM_SECONDS
    return was_open and injury.began < repeat.again


def _is_in_flight(deed: Deed, moment: float) -> bool:
    return deed.at <= moment and (not deed.ended_at or moment < min(deed.ended_at) + SETTLES)


def _place(
    repeat: tuple[Repeat, list[int]],
    taken: dict[int, list[tuple[Repeat, list[int]]]],
    room: dict[int, int],
    tried: set[int],
) -> bool:
    """Give a repeat to one of its faults; others are moved where they leave room for it."""
    for number in repeat[1]:
        if number in tried:
            continue
        tried.add(number)
        if len(taken[number]) < room[number]:
            taken[number].append(repeat)
            return True
        for place, other in enumerate(taken[number]):
            if _place(other, taken, room, tried):
                taken[number][place] = repeat
                return True
    return False
