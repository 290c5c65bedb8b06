"""Which server processes are ours: remembered, so that a crash's leftovers can be ended."""

import asyncio
import json
import signal
import time
from pathlib import Path

import psutil

from switchboard.errors import Trouble
from switchboard.local.private_files import write_private

_KILL_SECONDS = 5.0
_LEFTOVER_SECONDS = 10.0
_CLOCK_TOLERANCE = 2.0
"""Seconds by which a process's start may seem to move when the machine's clock is set."""


class Processes:
    """Process ids alone are reused; with start and program they name one process."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def remember(self, name: str, process: psutil.Process, stop_signal: signal.Signals) -> None:
        kept = self._read()
        kept[name] = [process.pid, process.create_time(), process.name(), int(stop_signal)]
        self._write(kept)

    def forget(self, name: str) -> None:
        kept = self._read()
        kept.pop(name, None)
        self._write(kept)

    async def end_leftovers(self) -> None:
        """Ends what a killed run left running; its servers write their data out first."""
        for name, (pid, started, program, stop_signal) in self._read().items():
            process = _find(int(pid), float(started), str(program))
            if process is not None:
                await end_process(process, signal.Signals(int(stop_signal)), _LEFTOVER_SECONDS)
            self.forget(name)

    def _read(self) -> dict[str, list[int | float | str]]:
        try:
            kept: dict[str, list[int | float | str]] = json.loads(self._file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return kept

    def _write(self, kept: dict[str, list[int | float | str]]) -> None:
        write_private(self._file, json.dumps(kept, indent=2) + "\n")


def _find(pid: int, started: float, program: str) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < _CLOCK_TOLERANCE
        return process if same and process.name() == program else None
    except psutil.Error:
        return None


async def end_process(process: psutil.Process, stop_signal: signal.Signals, seconds: float) -> None:
    """Asks the process to stop, and kills it when it is still there after so many seconds."""
    for number, patience in ((stop_signal, seconds), (signal.SIGKILL, _KILL_SECONDS)):
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return
        if await _ended(process, patience):
            return
    raise Trouble(f"Process {process.pid} ({process.name()}) does not end, even when killed.")


async def _ended(process: psutil.Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _is_over(process):
            return True
        await asyncio.sleep(0.02)
    return _is_over(process)


def _is_over(process: psutil.Process) -> bool:
    """A zombie is over: nobody may be there to take note of a killed run's children."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
