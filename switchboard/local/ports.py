"""Free ports on loopback, remembered so that addresses stay the same from run to run."""

import json
import secrets
import socket
from collections.abc import Collection
from pathlib import Path

from switchboard.local.private_files import write_private

HOST = "127.0.0.1"
_RANGE = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections: one of those could take a port of ours
while its server is down for a moment."""


class Ports:
    """The port of each name, kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ports = _read(file)
        self.moved: dict[str, tuple[int, int]] = {}
        """By name: the port that was taken, and the one that replaces it."""

    def get(self, name: str) -> int:
        """The remembered port when it is free, else another that is remembered from now on."""
        port = self._ports.get(name)
        if port is not None and is_free(port):
            return port
        found = self._choose(name)
        if port is not None:
            self.moved[name] = (self.moved.get(name, (port, port))[0], found)
        return found

    def keep(self, name: str) -> int:
        """The remembered port, also when somebody listens there: it may be whose port it is."""
        port = self._ports.get(name)
        return self._choose(name) if port is None else port

    def chosen(self, name: str) -> int:
        """The port of something that listens there already."""
        return self._ports[name]

    def _choose(self, name: str) -> int:
        port = self._ports[name] = free_port(besides=self._ports.values())
        write_private(self._file, json.dumps(self._ports, indent=2) + "\n")
        return port


def free_port(besides: Collection[int] = ()) -> int:
    """Return a port that is free now; whoever listens there late may find somebody else there."""
    while True:
        port = _RANGE.start + secrets.randbelow(len(_RANGE))
        if port not in besides and is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        # As servers do: connections of the last run that are still closing do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError:
            return False
    return True


def _read(file: Path) -> dict[str, int]:
    try:
        ports = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # nothing is lost with it: ports are found again
        return {}
    return {str(name): int(port) for name, port in ports.items()}
