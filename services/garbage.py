"""How often a service looks for garbage: what it holds for each message is soon gone by itself."""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 20
"""Objects more than before at which Python looks among the youngest; every so many times also
among those that were left, and among all. Its own 700 are reached by a hundred messages in hand."""


def look_for_less() -> None:
    """Take what there is now for what stays; each look among it would be a pause of everything."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
