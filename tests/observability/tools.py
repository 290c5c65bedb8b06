"""Prometheus' and Alertmanager's own programs, as Debian packages them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "amtool": "prometheus-alertmanager",
    "prometheus-alertmanager": "prometheus-alertmanager",
}


def program(name: str) -> str:
    """Return where a program is; the test is skipped without, but fails in CI, which has all."""
    found = shutil.which(name)
    if found is None:
        missing = pytest.fail if os.environ.get("SWITCHBOARD_CI") else pytest.skip
        missing(f"needs {name} of the Debian package {PACKAGES[name]}")
    return found


def checked(name: str, *arguments: str, directory: Path) -> str:
    """Run a program in a directory until it ends well; returns what it said."""
    done = subprocess.run(
        [program(name), *arguments],
        cwd=directory,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
