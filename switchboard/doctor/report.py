"""The examination as a whole: who is looked at, what is printed, the exit status."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from observability.masking import masked
from services.discovery import consumers
from services.health_address import addresses_in
from switchboard.doctor.bus import check_bus
from switchboard.doctor.database import check_database
from switchboard.doctor.findings import Check, Finding, Level, Patient, examine, problem
from switchboard.doctor.machine import check_disk, check_files, check_secrets
from switchboard.doctor.nats_server import check_nats_server
from switchboard.doctor.nats_users import check_nats_users
from switchboard.doctor.redis_server import check_redis
from switchboard.doctor.services import check_services
from switchboard.local.environment import HEALTH
from switchboard.local.lock import is_held
from switchboard.secret_files import secret_files

CHECKS: Mapping[str, Check] = {
    "nats": check_bus,
    "NATS server": check_nats_server,
    "NATS users": check_nats_users,
    "PostgreSQL": check_database,
    "Redis": check_redis,
    "services": check_services,
    "secrets": check_secrets,
    "secret files": check_files,
    "disk": check_disk,
}
COULD_NOT_LOOK = 2
"""The exit status where there is nothing to look at; 1 says that there are problems."""
_COLORS = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red", Level.UNKNOWN: "cyan"}
_WIDTH = max(map(len, Level))


@dataclass(frozen=True, slots=True)
class Addresses:
    """What settings of services do not say."""

    monitoring: str
    health: Sequence[str]


def consult(directory: Path, addresses: Addresses, *, as_json: bool) -> int:
    """Examine the installation that the environment names; print, and return the exit status."""
    # This imports all services, which takes its time: not while checks have deadlines.
    patient = _patient(directory, addresses)
    findings = asyncio.run(examine(patient, CHECKS if _runs(patient) else _NOTHING_RUNS))
    if as_json:
        for finding in findings:
            click.echo(json.dumps({name: masked(text) for name, text in asdict(finding).items()}))
    else:
        _print(findings)
    return int(any(finding.level is Level.PROBLEM for finding in findings))


def _patient(directory: Path, addresses: Addresses) -> Patient:
    settings = {**secret_files(), **os.environ}
    env = directory / "env"
    # A folder is looked at only when what is running is of that folder.
    is_local = env.exists() and f"NATS_URL={settings['NATS_URL']}\n" in env.read_text("utf-8")
    monitoring = addresses.monitoring or (_local_monitoring(directory) if is_local else "")
    port = settings.get("HEALTH_PORT", "0")
    own = [f"http://{settings.get('HEALTH_HOST', '127.0.0.1')}:{port}"] if port != "0" else []
    return Patient(
        settings=settings,
        directory=directory.absolute() if is_local else None,
        monitoring_url=monitoring.rstrip("/"),
        consumers=consumers(),
        health_urls=[
            url.rstrip("/")
            for url in addresses.health
            or own
            or (addresses_in(directory / HEALTH) if is_local else ())
        ],
    )


def _runs(patient: Patient) -> bool:
    """Whether there is something to look at: of a folder only, others cannot be known to be off."""
    return patient.directory is None or bool(patient.health_urls) or is_held(patient.directory)


async def _say_that_nothing_runs(patient: Patient) -> Sequence[Finding]:
    advice = "Start it: `make run`, or `make servers` and the services by hand."
    return [problem("local run", f"nothing runs in {patient.directory}", advice)]


_NOTHING_RUNS: Mapping[str, Check] = {"local run": _say_that_nothing_runs}


def _local_monitoring(directory: Path) -> str:
    try:
        port = json.loads((directory / "ports.json").read_text("utf-8"))["nats-monitoring"]
    except (OSError, ValueError, LookupError):
        return ""
    return f"http://127.0.0.1:{port}"


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        level = click.style(f"{finding.level:<{_WIDTH}}", fg=_COLORS[finding.level])
        click.echo(f"{level}  {finding.check}: {masked(finding.said)}")
    advised = [finding for finding in findings if finding.advice]
    if advised:
        click.echo("\nWhat to do:")
    for finding in advised:
        click.echo(f"- {finding.check}: {masked(finding.said)}\n  {finding.advice}")
    counts = {level: sum(finding.level is level for finding in findings) for level in Level}
    click.echo(
        f"\n{counts[Level.PROBLEM]} problems, {counts[Level.WARNING]} warnings,"
        f" {counts[Level.UNKNOWN]} not checked, {counts[Level.OK]} ok"
    )
