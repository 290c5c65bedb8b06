"""Where processes tell of their health: each leaves its address in a folder while it runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 # not listened on
CLOCK_STEPS = 2.0
"""Seconds by which the time of a file and that of a process's start may disagree."""


@contextmanager
def left_in(folder: Path | None, host: str, port: int) -> Iterator[None]:
    """Leave this process's address for as long as the context is open; None is no folder.

    Raises:
        OSError: the folder cannot be written.
    """
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / str(os.getpid())
    host = ANYWHERE.get(host, host)
    file.write_text(f"http://{f'[{host}]' if ':' in host else host}:{port}\n", encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def addresses_in(folder: Path) -> list[str]:
    """Return the addresses that running processes left; a process that was killed is left out."""
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(folder.iterdir()):
        try:
            # The number may be another process's by now.
            began = psutil.Process(int(file.name)).create_time()
            if began <= file.stat().st_mtime + CLOCK_STEPS:
                found.append(file.read_text(encoding="utf-8").strip())
        except (ValueError, OSError, psutil.Error):  # gone, also while we look
            continue
    return [address for address in found if address]
