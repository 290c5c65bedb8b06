"""What the programs of a local run are set up from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from switchboard.local.ports import Ports
from switchboard.local.secrets_file import Secrets


@dataclass(frozen=True, kw_only=True)
class Setup:
    """The data directory, what is remembered in it, and what the caller wants."""

    directory: Path
    apps: Sequence[str]
    given: Mapping[str, str] = field(repr=False)
    """Settings from outside, which win; there are passwords among them."""
    ports: Ports
    secrets: Secrets
    services_run: bool = False
    """Whether services may run already, at the ports that are remembered."""
