"""One run at a time in a data directory."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from switchboard.errors import Trouble


class Lock:
    """Held until the file is closed; the kernel closes it for a process that was killed."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file
        self.say_address(None)

    def say_address(self, address: str | None) -> None:
        """Leaves a word for whoever comes second: who holds the lock, and where to find it."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "address": address}, self._file)
        self._file.flush()


@contextmanager
def hold_lock(directory: Path) -> Iterator[Lock]:
    """Creates the directory when it is missing. Raises `Trouble` while another run holds it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"Switchboard already runs in {directory}{_holder(file)}.") from None
        yield Lock(file)


def is_held(directory: Path) -> bool:
    """Whether a run holds the directory."""
    try:
        with (directory / "lock").open(encoding="utf-8") as file:
            # Shared: several may look at once.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def _holder(file: TextIOWrapper) -> str:
    file.seek(0)
    try:
        holder = json.load(file)
    except ValueError:  # it was taken a moment ago and nothing is written yet
        return ""
    at = f", at {holder['address']}" if holder["address"] else ""
    return f" (process {holder['pid']}{at})"
