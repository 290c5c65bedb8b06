"""An operator finds a person in log lines, whichever way the key is known."""

import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from observability.discretion import person_hash, speak_of_people
from switchboard.cli import main
from switchboard.local.environment import write_environment

ANNA = 7_734_512_906
Ask = Callable[..., str]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Ask for Anna's hash, in this process; returns what was said."""
    monkeypatch.setattr("observability.discretion._chosen.key", b"")
    monkeypatch.setattr("os.environ", {"SECRETS_DIR": str(tmp_path / "none")})

    def asking(**settings: str) -> str:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        here = ["--directory", str(tmp_path)]
        monkeypatch.setattr(sys, "argv", ["switchboard", "person-hash", str(ANNA), *here])
        with suppress(SystemExit):
            main()
        said = capsys.readouterr()
        return said.out + said.err

    return asking


def test_it_is_the_one_that_lines_have(ask: Ask, tmp_path: Path) -> None:
    key, other = secrets.token_urlsafe(), secrets.token_urlsafe()
    write_environment(tmp_path / "env", {"LOG_PERSON_KEY": key, "NATS_URL": "nats://here"})
    of_local_run = ask().strip()
    of_environment = ask(LOG_PERSON_KEY=other).strip()
    speak_of_people(key)
    assert of_local_run == person_hash(ANNA)
    speak_of_people(other)
    assert of_environment == person_hash(ANNA)
    assert len({of_local_run, of_environment, person_hash(ANNA + 1)}) == 3
    assert all(len(found) == 12 and int(found, 16) for found in (of_local_run, of_environment))


@pytest.mark.parametrize(
    ("key", "words"),
    [("", "LOG_PERSON_KEY is not set"), ("tiny", "too short"), ("changeme" * 5, "well known")],
)
def test_without_a_good_key_it_says_so(ask: Ask, key: str, words: str) -> None:
    said = ask(LOG_PERSON_KEY=key)
    assert words in said
    assert "Traceback" not in said
