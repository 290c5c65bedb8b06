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


def write_from(level: int, inform: Callable[..., Any]) -> None:
    """Have lines from this level up come of something; `inform` writes one of level info."""
    _chosen.lowest, _chosen.inform = level, inform


def are_written(level: int) -> bool:
    """Whether lines of this level come of something."""
    return level >= _chosen.lowest


def inform(event: str, **said: Any) -> None:
    """Write a line as a logger's `info` does: for those that each message has.

    A logger of structlog's looks at each call for how lines are written, which takes as long as
    writing one.
    """
    _chosen.inform(event, **said)
