"""What services said, from their logs."""

import json
from collections.abc import Iterator
from typing import Any

from tests.faults.installation import Installation


def said(installation: Installation, service: str, event: str) -> Iterator[dict[str, Any]]:
    """Yield each line of a service about an event."""
    for copy in installation.copies_of(service):
        for line in copy.log.read_text("utf-8", errors="replace").splitlines():
            if f'"{event}"' in line and line.startswith("{"):
                yield json.loads(line)
