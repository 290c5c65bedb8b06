"""Services that count nothing: what metrics cost is seen beside them, and no setting stops them.

Run by benchmarks/telemetry.py:  python -m benchmarks.unmetered NAME...
"""

import sys
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from observability.calls import Calls
from services.run import main


def _nothing(*_given: Any, **_more: Any) -> None:
    """Count nothing."""


def _mute() -> None:
    muted: list[tuple[type, str]] = [
        (Counter, "inc"),
        (Gauge, "inc"),
        (Gauge, "dec"),
        (Gauge, "set"),
        (Histogram, "observe"),
        (Calls, "observe"),
    ]
    nothing: Callable[..., None] = _nothing
    for kind, method in muted:
        setattr(kind, method, nothing)


if __name__ == "__main__":
    _mute()
    sys.exit(main(sys.argv[1:]))
