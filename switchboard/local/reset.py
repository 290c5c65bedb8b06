"""Forgets the data of a local run."""

import shutil
from pathlib import Path

from switchboard.errors import Trouble
from switchboard.local.lock import hold_lock
from switchboard.local.processes import Processes


def check_is_local_data(directory: Path) -> None:
    """Raises `Trouble` for a directory that holds something else, or is not there."""
    if not (directory / "secrets.json").exists():
        raise Trouble(f"There is no local data in {directory}.")


async def forget(directory: Path) -> None:
    """Removes the directory. Raises `Trouble` while a run uses it."""
    check_is_local_data(directory)
    with hold_lock(directory):
        await Processes(directory / "processes.json").end_leftovers()
        shutil.rmtree(directory)
