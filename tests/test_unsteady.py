"""A red run: what of it may be run once more, and what that must not hide."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sources import ROOT
from tests.unsteady import MOST, Ended

TESTS = """
from pathlib import Path

def test_steady():
    pass

def test_unsteady():
    before = Path("before")
    was_there = before.exists()
    before.touch()
    assert was_there
"""
RED = Ended(status=1, whole=True, passed=4000, failed=["tests/test_it.py::test_one"])
GREEN = Ended(status=0, whole=True, passed=1, failed=[])


def _python(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=directory,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_passes_alone_is_named(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.unsteady"]\n', "utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")
    first = _python(tmp_path, "pytest", "-n", "1")
    assert first.returncode == 1, first.stdout
    again = _python(tmp_path, "tests.unsteady")
    assert again.returncode == 0, again.stderr
    assert again.stdout == "test_it.py::test_unsteady\n"
    assert "1 passed" in again.stderr  # and nothing else was run


def test_a_run_that_keeps_nothing_ends_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.unsteady"]\n', "utf-8")
    (tmp_path / "test_it.py").write_text("def test_it():\n    pass\n", "utf-8")
    run = _python(tmp_path, "pytest", "-p", "no:cacheprovider")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_few_that_failed_are_run_once_more() -> None:
    most = [f"tests/test_it.py::test_{n}" for n in range(MOST)]
    assert replace(RED, failed=most).tests_for_chance() == most


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(replace(RED, failed=[f"test_it.py::{n}" for n in range(MOST + 1)]), id="many"),
        pytest.param(replace(RED, failed=["tests/test_it.py"]), id="a file that cannot be read"),
        pytest.param(replace(RED, whole=False), id="stopped at the first"),
        pytest.param(replace(RED, status=2), id="interrupted"),
        pytest.param(replace(RED, status=3), id="broken inside"),
        pytest.param(replace(RED, failed=[]), id="red for another reason"),
    ],
)
def test_nothing_is_run_once_more_of_another_red_run(ended: Ended) -> None:
    assert ended.tests_for_chance() == []


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(replace(GREEN, status=1, failed=RED.failed), id="red again"),
        pytest.param(replace(GREEN, passed=0), id="left out"),
        pytest.param(replace(GREEN, status=4), id="not found"),
    ],
)
def test_what_does_not_pass_stays_red(ended: Ended) -> None:
    assert GREEN.all_passed(1)
    assert not ended.all_passed(1)
