"""Finds the settings of the operator: in the environment, or in a local run's `env`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from observability.logs import configure_logs
from services.settings import OperatorSettings, WrongSettings, read_settings
from switchboard.errors import Trouble
from switchboard.local.environment import read_environment


def operator_settings(directory: Path) -> OperatorSettings:
    """Read the settings; log lines go to standard error from now on. Raises `Trouble`."""
    configure_logs("ERROR", "console", sys.stderr)
    find_installation(directory)
    try:
        return read_settings(OperatorSettings)
    except WrongSettings as error:
        raise Trouble(f"{error}\nNor is there a local run in {directory}.") from None


def find_installation(directory: Path) -> Mapping[str, str]:
    """Add a local run's settings to the environment unless that names a NATS server itself.

    Returns what was added: nothing where another installation is meant, or there is none.
    """
    if os.environ.get("NATS_URL") or _in_secrets("NATS_URL"):
        return {}
    found = read_environment(directory / "env")
    added = {name: value for name, value in found.items() if name not in os.environ}
    os.environ.update(added)
    return added


def _in_secrets(name: str) -> bool:
    from services.settings import SECRETS_DIR

    folder = Path(os.environ.get("SECRETS_DIR", SECRETS_DIR))
    return any((folder / spelled).exists() for spelled in (name, name.lower()))
