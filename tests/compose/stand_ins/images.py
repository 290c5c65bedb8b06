"""Makes the stand-ins: a base by mmdebstrap, on it Debian's servers and those of wheels."""

import asyncio
import hashlib
import json
import shutil
import subprocess
import sysconfig
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.compose.engine import Engine

HERE = Path(__file__).parent
BASE = "stand-in-base"
WITHIN = 600.0
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
PYTHON = "python:3.13-slim"
ALONE = ("nats", "s3")
"""Stand-ins with no more than one program in them."""
TOGETHER = ("postgres", "redis", "nginx", "prometheus", "alertmanager")
"""Those of which Debian's packages are installed at once."""

_PACKAGES = "ca-certificates,python3-venv,wget"
_LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")


async def make_base(engine: Engine) -> None:
    """Make the base, unless an earlier run has left it."""
    suite = _suite()
    label = hashlib.sha256(f"{suite} {_PACKAGES} {_LEFT_OUT}".encode()).hexdigest()[:12]
    if label in (await engine.run("images", BASE, "--format", "{{.Tag}}")).split():
        await engine.run("tag", f"{BASE}:{label}", f"{BASE}:latest")
        return
    with TemporaryDirectory(dir=engine.directory) as directory:
        archive = Path(directory) / "base.tar"
        await _mmdebstrap(suite, archive)
        await engine.run("import", str(archive), f"{BASE}:{label}", within=WITHIN)
    await engine.run("tag", f"{BASE}:{label}", f"{BASE}:latest")


async def make_stand_ins(engine: Engine, images: Mapping[str, str]) -> None:
    """Make stand-ins; `images` are their names, by the stage of the Dockerfile beside."""
    with TemporaryDirectory(dir=engine.directory) as directory:
        context = Path(directory)
        for file in ("Dockerfile", "postgres-entrypoint.sh"):
            shutil.copy(HERE / file, context)
        for program in ("nats-server", "weed"):
            shutil.copy(Path(sysconfig.get_path("scripts")) / program, context)
        shutil.copy(AUTHORITIES, context / "ca.crt")
        (context / "pip.conf").write_text(f"[global]\ncert = {AUTHORITIES}\n", encoding="utf-8")
        project = {
            "name": "stand-ins",
            "services": {
                stage: {"image": image, "build": {"context": str(context), "target": stage}}
                for stage, image in images.items()
            },
        }
        (context / "project.json").write_text(json.dumps(project), encoding="utf-8")
        project_file = str(context / "project.json")
        await engine.run("compose", "-f", project_file, "build", "-q", within=WITHIN)


def index_of_pip() -> str:
    """Return the index of packages that pip uses here, empty for its own default."""
    pip = Path(sysconfig.get_path("scripts")) / "pip"
    asked = subprocess.run(
        [str(pip), "config", "get", "global.index-url"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return asked.stdout.strip()


def _suite() -> str:
    """Return this machine's Debian, whose mirror can be reached."""
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    named = dict(line.split("=", 1) for line in lines if "=" in line)
    return named.get("VERSION_CODENAME", "stable").strip('"')


async def _mmdebstrap(suite: str, archive: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        f"--include={_PACKAGES}",
        "--skip=cleanup/apt/lists",  # the servers are installed by them
        "--aptopt=Apt::Install-Recommends false",
        *(f"--dpkgopt=path-exclude={path}" for path in _LEFT_OUT),
        suite,
        str(archive),
        stdout=PIPE,
        stderr=PIPE,
    )
    async with asyncio.timeout(WITHIN):
        said, errors = await process.communicate()
    assert process.returncode == 0, f"mmdebstrap: {said.decode()}{errors.decode()[-4000:]}"
