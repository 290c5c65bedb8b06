"""The doctor at this machine's secrets, files and disks, and at checks that fail themselves."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from switchboard.doctor import findings as examination
from switchboard.doctor import machine
from switchboard.doctor.bus import clock
from switchboard.doctor.findings import Finding, Level, Patient, examine, ok
from switchboard.doctor.machine import check_disk, check_files, check_secrets
from switchboard.keys import new_seed
from tests.switchboard.patients import found_by, none_but_ok, only, patient, with_words

GOOD = {"LINK_SECRET": "n3Zt0Wq8vR1yXk5Lh7Jd2Fs9Gp4Mc6Ba", "NATS_SEED_BOT": new_seed()}


async def test_secrets_worth_the_name() -> None:
    assert none_but_ok(await found_by(check_secrets, patient(GOOD)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"WEBHOOK_SECRET": "xyzzy"}, "WEBHOOK_SECRET is too short"),
        ({"WEBHOOK_SECRET": "changeme" * 5}, "well known or easily guessed"),
        ({"WEBHOOK_SECRET": GOOD["LINK_SECRET"]}, "LINK_SECRET and WEBHOOK_SECRET are equal"),
        ({"DATABASE_URL": "postgresql://storage:x@host/db"}, "the password in DATABASE_URL"),
    ],
)
async def test_weak_secrets_are_named_but_not_shown(settings: dict[str, str], words: str) -> None:
    found = only(await found_by(check_secrets, patient({**GOOD, **settings})))
    assert words in found.said
    assert "switchboard keys" in found.advice
    assert not [value for value in settings.values() if value in found.said + found.advice]


async def test_files_that_others_may_read(tmp_path: Path) -> None:
    assert only(await found_by(check_files, patient({})), level=Level.UNKNOWN)
    secret = tmp_path / "secrets.json"
    secret.touch(mode=0o600)
    assert none_but_ok(await found_by(check_files, patient({}, directory=tmp_path)))
    secret.chmod(0o640)
    found = only(await found_by(check_files, patient({}, directory=tmp_path)))
    assert found.advice == f"Run `chmod 600 {secret}`."


async def test_disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "files").mkdir()
    elsewhere = patient({"FILES_URL": (tmp_path / "files").as_uri()})
    assert none_but_ok(await found_by(check_disk, elsewhere))
    monkeypatch.setattr(machine, "LITTLE", 2**60)
    assert "Make room" in only(await found_by(check_disk, elsewhere), level=Level.WARNING).advice
    monkeypatch.setattr(machine, "SCARCE", 2**60)
    assert "Make room" in only(await found_by(check_disk, elsewhere)).advice
    gone = patient({"FILES_URL": "file:///nowhere/at/all"})
    assert "Correct FILES_URL" in only(await found_by(check_disk, gone)).advice
    s3 = patient({"FILES_URL": "s3://bucket"})
    assert only(await found_by(check_disk, s3), level=Level.UNKNOWN).check == "disk"


@pytest.mark.parametrize(
    ("ahead", "unsure", "level"),
    [(0.2, 0.01, Level.OK), (-3.0, 0.01, Level.WARNING), (3.0, 2.5, Level.OK)],
)
def test_clocks(ahead: float, unsure: float, level: Level) -> None:
    found = clock("NATS clock", "NATS", ahead, unsure)
    assert found.level is level
    assert ("behind" in found.said) == (ahead < 0)


async def test_a_check_that_hangs_or_fails_does_not_end_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examination, "DEADLINE", 0.05)

    async def hangs(_: Patient) -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    async def fails(_: Patient) -> Sequence[Finding]:
        raise LookupError("redis://bot:hidden-password@host")

    async def works(_: Patient) -> Sequence[Finding]:
        return [ok("works", "it works")]

    found = await examine(patient({}), {"hangs": hangs, "fails": fails, "works": works})
    assert [finding.level for finding in found] == [Level.UNKNOWN, Level.UNKNOWN, Level.OK]
    assert with_words(found, "no answer within 0.05 s").check == "hangs"
    assert "hidden-password" not in with_words(found, "LookupError").said
