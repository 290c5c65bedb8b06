"""What services said and when, from their logs."""

import json
from collections.abc import Iterator
from datetime import datetime

from tests.faults.installation import Installation


def moments(installation: Installation, service: str, words: str) -> Iterator[float]:
    """Yield when a service wrote a line with these words in it, in seconds since the epoch."""
    for copy in installation.copies_of(service):
        for line in copy.log.read_text("utf-8", errors="replace").splitlines():
            if words in line and line.startswith("{"):
                yield datetime.fromisoformat(json.loads(line)["time"]).timestamp()
