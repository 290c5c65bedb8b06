"""What a benchmark was run on: the machine, and the versions of what takes part."""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from switchboard.local.programs import find_script

PACKAGES = (
    "aio-pika",
    "aiogram",
    "aiohttp",
    "asyncpg",
    "fastapi",
    "faststream",
    "httpx",
    "litestar",
    "msgspec",
    "nats-py",
    "opentelemetry-sdk",
    "pydantic",
    "sqlalchemy",
    "taskiq-nats",
    "uvicorn",
    "uvloop",
)
FLUSHED, FLUSHES = 8 * 1024, 200
"""Bytes that are appended and flushed to the disk, and how many times."""
FLUSH = "flush of 8 KiB, µs"
OF_A_RUN = ("when", "commit", "load before", FLUSH)
"""What differs from run to run; the rest is the machine's."""
_FIGURES = ":!docs/performance*"
"""What a run writes itself, which changes none of what is measured."""


def machine() -> dict[str, str]:
    """Return processor, memory, system, what is run, and how busy all is before the run."""
    load = os.getloadavg()[0]
    about = _processor()
    return {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": commit(),
        "processor": f"{psutil.cpu_count()} x {_name(about)}",
        "model": _model(about),
        "virtual machine": "yes" if "hypervisor" in about.get("flags", "").split() else "not seen",
        "memory": f"{psutil.virtual_memory().total / 1024**3:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{load:.2f}",
        FLUSH: f"{flush_time():,.0f}",
    }


def commit() -> str:
    """Return the commit that is run, with a mark where files have changed since; or nothing."""
    head, changed = _git("rev-parse", "--short", "HEAD"), _git("status", "--porcelain", _FIGURES)
    return f"{head}, changed" if head and changed else head


def _git(*words: str) -> str:
    root = Path(__file__).parents[2]
    try:
        said = subprocess.run(  # noqa: S603 # words of this module alone
            ["git", "-C", str(root), *words],  # noqa: S607 # wherever it is installed
            capture_output=True,
            text=True,
            timeout=20,
        )
    except OSError:
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def flush_time() -> float:
    """Return the median microseconds of a write that is on the disk, where benchmarks write."""
    taken = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            file.write(bytes(FLUSHED))
            # macOS has the other alone.
            getattr(os, "fdatasync", os.fsync)(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def versions() -> dict[str, str]:
    """Return the versions of Python, of nats-server and of the packages that are installed."""
    said = subprocess.run(  # noqa: S603 # the program that the environment brings
        [find_script("nats-server"), "--version"], capture_output=True, text=True, timeout=20
    ).stdout
    found = {"Python": platform.python_version(), "nats-server": said.strip().rpartition("v")[2]}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> dict[str, str]:
    """Return what Linux says of the first processor; elsewhere nothing."""
    try:
        first, _, _ = Path("/proc/cpuinfo").read_text("utf-8").partition("\n\n")
    except OSError:
        return {}
    parted = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in parted}


def _name(about: Mapping[str, str]) -> str:
    return about.get("model name") or platform.processor() or platform.machine()


def _model(about: Mapping[str, str]) -> str:
    """Return its numbers, which tell models apart where a virtual machine hides the name."""
    known = ("vendor_id", "cpu family", "model", "stepping")
    return ", ".join(f"{name} {about[name]}" for name in known if name in about)
