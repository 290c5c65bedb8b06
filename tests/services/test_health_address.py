"""Where processes tell of their health, for who looks for it on the same machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.health_address import addresses_in, left_in


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("bot", "http://bot:80"),
    ],
)
def test_an_address_is_there_while_the_process_runs(
    tmp_path: Path, host: str, address: str
) -> None:
    folder = tmp_path / "health"
    assert addresses_in(folder) == []
    with left_in(folder, host, 80):
        assert addresses_in(folder) == [address]
    assert addresses_in(folder) == []


def test_without_a_folder_nothing_is_left(tmp_path: Path) -> None:
    with left_in(None, "127.0.0.1", 80):
        assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_counts_for_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / str(ended.pid)).write_text("http://127.0.0.1:1\n")
    (tmp_path / "notes").write_text("http://127.0.0.1:2\n")
    # The number of one that was killed, and is a younger process's now.
    (tmp_path / str(os.getpid())).write_text("http://127.0.0.1:3\n")
    os.utime(tmp_path / str(os.getpid()), (0, 0))
    assert addresses_in(tmp_path) == []
