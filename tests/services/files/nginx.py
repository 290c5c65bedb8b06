"""A real nginx with the configuration that lies beside the service."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import unused_port

import services.files.service

CONFIGURATION = Path(services.files.service.__file__).with_name("nginx.conf")
_AROUND = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/switchboard.conf;
}}
"""


def nginx_program() -> str | None:
    """Return Debian's nginx, if it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@asynccontextmanager
async def nginx(
    program: str, directory: Path, *, files: str, folder: Path, s3: str
) -> AsyncIterator[str]:
    """Run it in front of the address `files`; yields its own address.

    `folder` holds the objects, or `s3` is the address of theirs.
    """
    port = unused_port()
    changes = {
        "server 127.0.0.1:8082;": f"server {urlsplit(files).netloc};",
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "/dev/stdout": str(directory / "access.log"),
        "/srv/switchboard/files/": f"{folder}/",
        "127.0.0.1:8333": urlsplit(s3).netloc,
    }
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (directory / "switchboard.conf").write_text(text, encoding="utf-8")
    configuration = directory / "nginx.conf"
    configuration.write_text(_AROUND.format(directory=directory), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        program, "-p", str(directory), "-c", str(configuration)
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
