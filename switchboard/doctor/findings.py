"""What a check says: that all is well, or what is wrong and what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bus.topology import Consumer
from observability.masking import masked

DEADLINE = 15.0
"""Seconds for one check."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    """It could not be checked, and the finding says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `advice` says what to do, and is empty where there is nothing."""

    check: str
    level: Level
    said: str
    advice: str = ""


def ok(check: str, said: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, said)


def warning(check: str, said: str, advice: str) -> Finding:
    """It works, and should not stay as it is."""
    return Finding(check, Level.WARNING, said, advice)


def problem(check: str, said: str, advice: str) -> Finding:
    """Something does not work, or a promise does not hold."""
    return Finding(check, Level.PROBLEM, said, advice)


def unknown(check: str, why: str, advice: str = "") -> Finding:
    """It could not be checked because of `why`."""
    return Finding(check, Level.UNKNOWN, f"could not be checked because {why}", advice)


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation, as far as this machine knows of it."""

    settings: Mapping[str, str]
    """All settings, by the names of environment variables."""
    directory: Path | None
    """The folder of a local run, where that is what is looked at."""
    monitoring_url: str
    """Of nats-server, empty when not known."""
    health_urls: Sequence[str]
    """Of the services' processes."""
    consumers: Sequence[Consumer]
    """All that services pull from, as declared."""

    def setting(self, name: str) -> str:
        """Return a setting, empty when it is not known here."""
        return self.settings.get(name, "")


Check = Callable[[Patient], Awaitable[Sequence[Finding]]]


async def examine(patient: Patient, checks: Mapping[str, Check]) -> list[Finding]:
    """Run all checks side by side; each has a deadline, and none can end the others."""
    found = await asyncio.gather(*(_run(patient, *each) for each in checks.items()))
    return [finding for findings in found for finding in findings]


async def _run(patient: Patient, name: str, check: Check) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(DEADLINE):
            return await check(patient)
    except TimeoutError:
        return [unknown(name, f"there was no answer within {DEADLINE:g} s")]
    except Exception as error:  # noqa: BLE001 # a doctor's own bug must not hide other findings
        return [unknown(name, masked(f"of {type(error).__name__}: {error}"))]
