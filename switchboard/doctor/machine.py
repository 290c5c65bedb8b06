"""This machine: secrets worth the name, files that only their owner reads, room on the disk."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.secret_values import secrets_among, weaknesses
from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown, warning

GIB = 2**30
SCARCE, LITTLE = 1 * GIB, 5 * GIB
"""Bytes: JetStream stops at a full disk until it is started anew."""
PRIVATE = ("env", "secrets.json", "operator.nk", "nats.conf", "redis.conf", "redis.acl")
"""Files of a local run that hold secrets."""


async def check_secrets(patient: Patient) -> list[Finding]:
    """Judge the secrets that are known here, as services do at their start."""
    secrets = list(secrets_among(patient.settings))
    wrong = weaknesses(secrets)
    if wrong:
        advice = "Make a new one: `openssl rand -hex 32`, or `switchboard keys` for those of NATS."
        return [problem("secrets", line, advice) for line in wrong]
    return [ok("secrets", f"{len(secrets)} are known here, each long and none twice")]


async def check_files(patient: Patient) -> list[Finding]:
    """Look who may read the secrets of a local run."""
    if patient.directory is None:
        return [unknown("secret files", "there is no local run in that folder")]
    there = [patient.directory / name for name in PRIVATE if (patient.directory / name).exists()]
    open_to_others = [path for path in there if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if not open_to_others:
        return [ok("secret files", f"{len(there)} are readable by their owner only")]
    return [
        problem("secret files", f"{path} is readable by others", f"Run `chmod 600 {path}`.")
        for path in open_to_others
    ]


async def check_disk(patient: Patient) -> list[Finding]:
    """Look at the room where data is kept on this machine."""
    folders = list(_folders(patient))
    if not folders:
        return [unknown("disk", "no data is kept on this machine, as far as settings say")]
    return [_room(folder) for folder in folders]


def _folders(patient: Patient) -> Iterator[Path]:
    if patient.directory:
        yield patient.directory
    files = urlsplit(patient.setting("FILES_URL"))
    folder = Path(unquote(files.path))
    if files.scheme == "file" and not (patient.directory and patient.directory in folder.parents):
        yield folder


def _room(folder: Path) -> Finding:
    if not folder.is_dir():
        return problem(
            "disk", f"{folder} is no folder", "Correct FILES_URL, or mount what is there."
        )
    free = shutil.disk_usage(folder).free
    said = f"{free / GIB:.1f} GiB are free in {folder}"
    if free >= LITTLE:
        return ok("disk", said)
    advice = "Make room: at a full disk NATS and PostgreSQL refuse everything."
    return problem("disk", said, advice) if free < SCARCE else warning("disk", said, advice)
