"""An installation as the doctor is told of it, and what it found there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.discovery import consumers
from switchboard.doctor.findings import Check, Finding, Level, Patient, examine


def patient(
    settings: Mapping[str, str],
    *,
    directory: Path | None = None,
    monitoring_url: str = "",
    health_urls: Sequence[str] = (),
) -> Patient:
    """Return an installation with these settings."""
    return Patient(settings, directory, monitoring_url, health_urls, consumers())


def with_settings(whom: Patient, **settings: str) -> Patient:
    """Return the installation with other settings."""
    return replace(whom, settings={**whom.settings, **settings})


async def found_by(check: Check, whom: Patient) -> list[Finding]:
    """Return what one check finds."""
    return await examine(whom, {"the check": check})


def only(findings: Sequence[Finding], *, level: Level = Level.PROBLEM) -> Finding:
    """Return the one finding of a level, and make sure that it is the only one that is not ok."""
    (found,) = [finding for finding in findings if finding.level is not Level.OK]
    assert found.level is level, found
    return found


def with_words(findings: Sequence[Finding], words: str) -> Finding:
    """Return the one finding that has these words."""
    (found,) = [finding for finding in findings if words in finding.said]
    return found


def none_but_ok(findings: Sequence[Finding]) -> bool:
    """Whether all is well, and something was looked at."""
    return bool(findings) and all(finding.level is Level.OK for finding in findings)
