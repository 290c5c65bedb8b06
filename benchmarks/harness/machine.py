"""What a benchmark was run on: the machine, and the versions of what takes part."""

import os
import platform
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version

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


def machine() -> dict[str, str]:
    """Return processor, memory, system and how busy it is before the run."""
    return {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": f"{psutil.cpu_count()} x {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 1024**3:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


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


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
