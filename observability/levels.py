"""From which level lines are written or exported: what makes a line may ask before it works."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog


@dataclass(slots=True)
class _Chosen:
    """Of the process, as its settings say."""

    lowest: int = 0
    inform: Callable[..., Any] = structlog.get_logger().info


_chosen = _Chosen()


def write_from(level: int) -> None:
    """Have lines from this level up come of something."""
    _chosen.lowest = level
    _chosen.inform = structlog.get_logger().bind().info


def are_written(level: int) -> bool:
    """Whether lines of this level come of something."""
    return level >= _chosen.lowest


def inform(event: str, **said: Any) -> None:
    """Write a line as a logger's `info` does: for those that each message has.

    A logger of structlog's looks at each call for how lines are written, which takes as long as
    half of the line.
    """
    _chosen.inform(event, **said)
