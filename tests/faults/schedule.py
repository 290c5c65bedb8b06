"""What goes wrong and when: all of it decided by the seed before anything runs."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SERVICES = ("gateway", "bot", "storage", "query", "notifier", "files")
SERVERS = ("nats", "postgres", "redis", "telegram")
NETWORK = {
    "bot": ("nats", "redis", "telegram"),
    "gateway": ("nats", "telegram"),
    "storage": ("nats", "postgres"),
    "query": ("nats", "postgres"),
    "notifier": ("nats", "redis", "telegram"),
    "files": ("nats", "telegram"),
}
STREAMS = ("UPDATES", "COMMANDS", "LATE", "NOTICES")
TELEGRAM: Mapping[str, Mapping[str, Any]] = {
    "429 to sends": {"retry_after": 2, "method": "sendMessage", "times": 5},
    "429 to all": {"retry_after": 3, "times": 8},
    "500 to all": {"code": 500, "times": 12},
    "502 to polls": {"code": 502, "method": "getUpdates", "times": 3},
    "slow sends": {"delay": 4, "method": "sendMessage", "times": 4},
}
UNKNOWN_FATE: Mapping[str, Mapping[str, Any]] = {
    "send cut off": {"disconnect": True, "method": "sendMessage", "times": 3},
    "send unanswered": {"withhold": 20, "method": "sendMessage", "times": 2},
    "edit cut off": {"disconnect": True, "method": "editMessageText", "times": 3},
    "poll cut off": {"disconnect": True, "method": "getUpdates", "times": 2},
}
UPDATES: Mapping[str, Mapping[str, Any]] = {
    "repeated": {"method": "getUpdates", "repeat": 20, "times": 5},
    "repeated and shuffled": {"method": "getUpdates", "repeat": 20, "times": 5, "shuffle": 7},
}


@dataclass(frozen=True)
class Fault:
    """One fault: when it begins after the start, and how long it lasts, in seconds."""

    at: float
    kind: str
    target: str
    detail: str
    lasting: float
    number: int = 0
    """Decides what is still open, e.g. which copy."""

    def __str__(self) -> str:
        what = " ".join(part for part in (self.kind, self.target, self.detail) if part)
        return f"{self.at:6.1f} s  {what}, {self.lasting:.1f} s"

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.kind} {self.detail or self.target}".strip()


MIDDLE = ("notifier", "storage", "telegram")
"""Who is killed in the middle of a mailing and of due reminders, whenever it is killed."""
BEFORE = 4.0
"""Seconds from the beginning of a mailing until the kill that shall hit it."""


@dataclass(frozen=True)
class Pace:
    """How fast faults follow each other; pairs are the least and the most, in seconds."""

    gap: tuple[float, float] = (1.0, 4.0)
    paused: tuple[float, float] = (8.0, 20.0)
    paused_first: tuple[float, float] = (22.0, 25.0)
    """The first pause of a run: longer than anything waits for who does not answer."""
    down: tuple[float, float] = (0.0, 3.0)
    network: tuple[float, float] = (3.0, 15.0)
    overlap: float = 0.5
    """The least part of a fault that passes before the next one may begin."""


SHORT = Pace(
    gap=(0.5, 1.5),
    paused=(5.0, 7.0),
    paused_first=(16.0, 17.0),
    down=(0.0, 1.0),
    network=(3.0, 6.0),
)


def plan(seed: int, seconds: float, pace: Pace) -> list[Fault]:
    """Return the faults of a run in the order of their beginnings."""
    chance = random.Random(seed)
    faults: list[Fault] = []
    at = chance.uniform(2.0, 4.0)
    for kind, target, detail in _deck(chance):
        is_first_pause = kind == "pause" and kind not in {fault.kind for fault in faults}
        lasting = chance.uniform(*(pace.paused_first if is_first_pause else _lasting(kind, pace)))
        if at + lasting > seconds:
            break
        faults.append(Fault(at, kind, target, detail, lasting, chance.randrange(1 << 16)))
        at += lasting * chance.uniform(pace.overlap, 1.0) + chance.uniform(*pace.gap)
    return faults


def hits_the_middle(fault: Fault) -> bool:
    """Whether a fault waits until a mailing is under way and reminders are due."""
    return fault.kind == "kill" and fault.target in MIDDLE


def mailing_moments(faults: Sequence[Fault], seconds: float) -> list[float]:
    """Return when mailings begin, in seconds from the start; one at least."""
    moments = [max(0.0, fault.at - BEFORE) for fault in faults if hits_the_middle(fault)]
    return moments or [seconds / 4]


def _deck(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield faults so that each kind comes once before any comes again."""
    while True:
        deck = _all(chance)
        chance.shuffle(deck)
        yield from deck


def _all(chance: random.Random) -> list[tuple[str, str, str]]:
    def network(detail: str) -> tuple[str, str, str]:
        service = chance.choice(list(NETWORK))
        return ("network", f"{service}:{chance.choice(NETWORK[service])}", detail)

    return [
        *(("kill", name, "") for name in (*SERVICES, *SERVERS)),
        *(("pause", name, "") for name in (*SERVICES, *SERVERS)),
        *(network(detail) for detail in ("latency", "reset", "half-open", "half-open, old only")),
        *(network(detail) for detail in ("reset", "half-open", "half-open, old only")),
        *(("answers", "telegram", which) for which in TELEGRAM),
        *(("unknown fate", "telegram", which) for which in UNKNOWN_FATE),
        *(("updates", "telegram", which) for which in UPDATES),
        ("blocked", "telegram", ""),
        ("poison", "nats", ""),
        ("poison", "nats", ""),
        *(("full", stream, "") for stream in _some(chance, STREAMS, 2)),
        ("rolling restart", "", ""),
    ]


def _some(chance: random.Random, all_of_them: Sequence[str], count: int) -> list[str]:
    return chance.sample(all_of_them, k=count)


def _lasting(kind: str, pace: Pace) -> tuple[float, float]:
    match kind:
        case "kill":
            return pace.down
        case "pause":
            return pace.paused
        case "network":
            return pace.network
        case "full":
            return (2.0, 6.0)
        case "rolling restart":
            return (8.0, 8.0)
        case _:
            return (2.0, 4.0)
