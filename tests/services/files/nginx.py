"""A real nginx with the configuration of containers, at addresses of this machine."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import unused_port

from tests.sources import ROOT

CONFIGURATION = ROOT / "nginx" / "nginx.conf"


def nginx_program() -> str | None:
    """Return Debian's nginx, if it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What nginx is in front of: host:port of each, and the folder of objects, if they have one."""

    files: str
    gateway: str
    s3: str
    folder: Path


@asynccontextmanager
async def nginx(program: str, directory: Path, behind: Behind) -> AsyncIterator[str]:
    """Run it with its files in a directory; yields its address."""
    port = unused_port()
    changes = {
        " /tmp/": f" {directory}/",
        "worker_processes 2;": "master_process off;",  # started by root its workers are nobody
        "resolver 127.0.0.11 valid=5s;": "",
        "files:8082;": f"{behind.files};",
        "gateway:8080;": f"{behind.gateway};",
        "s3:8333;": f"{behind.s3};",
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "/dev/stdout": str(directory / "access.log"),
        "/srv/switchboard/files/": f"{behind.folder}/",
    }
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    configuration = directory / "nginx.conf"
    configuration.write_text(text, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        program, "-p", str(directory), "-e", "stderr", "-c", str(configuration)
    )
    try:
        address = f"http://127.0.0.1:{port}"
        await _until_listening(address, process)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_listening(address: str, process: asyncio.subprocess.Process) -> None:
    async with ClientSession() as session, asyncio.timeout(60):
        while True:
            assert process.returncode is None, "nginx ended"
            try:
                async with session.get(address):
                    return
            except ClientError:
                await asyncio.sleep(0.05)  # it has no ready signal
