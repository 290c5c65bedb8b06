"""From which level lines are written or exported: what makes a line may ask before it works."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Chosen:
    """Of the process, as its settings say."""

    lowest: int = 0


_chosen = _Chosen()


def write_from(level: int) -> None:
    """Have lines from this level up come of something."""
    _chosen.lowest = level


def are_written(level: int) -> bool:
    """Whether lines of this level come of something."""
    return level >= _chosen.lowest
