"""Contexts of the NATS CLI: files that say where the bus is and who we are there.

Their form and place are those of github.com/nats-io/jsm.go, natscontext: `nats/context/<name>.json`
below $XDG_CONFIG_HOME or ~/.config, and the name of the selected one in `nats/context.txt`.
"""

import json
import os
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from switchboard.errors import Trouble
from switchboard.local.private_files import write_private

NAME = "switchboard"
OURS = "Switchboard as its operator"
"""The description by which our contexts are told from those of others."""


def config_folder() -> Path:
    """Return where the CLI keeps its files, of this person."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def write_context(folder: Path, name: str, url: str, seed: str) -> Path:
    """Write a context for the operator, and select it where none is; return its file.

    The key lies beside it, readable by its owner only. Raises `Trouble` where somebody else's
    context has that name.
    """
    place = folder / "nats"
    file, key = place / "context" / f"{name}.json", place / f"{name}.nk"
    if not _is_ours(file):
        raise Trouble(f"{file} is not Switchboard's: choose another --name.")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(key, f"{seed}\n")
    write_private(file, json.dumps(_context(url, key.absolute()), indent=2) + "\n")
    selected = place / "context.txt"
    if not selected.exists():
        write_private(selected, name)
    return file


def _is_ours(file: Path) -> bool:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("description") == OURS


def _context(url: str, key: Path) -> dict[str, str]:
    """Certificates are parameters of our address, and fields of a context."""
    parts = urlsplit(url)
    return {
        "description": OURS,
        "url": urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")),
        "nkey": str(key),
        **dict(parse_qsl(parts.query)),
    }
